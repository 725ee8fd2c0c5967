"use client";
import type { AppRouter } from "@heddle/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { KeyRound } from "lucide-react";
import { Panel, PanelRow } from "../settings/panel.tsx";
import { RevokeButton } from "../settings/revoke-button.tsx";
import { SecretRow } from "../settings/secret-row.tsx";
import { useTrpc } from "../trpc.tsx";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { ago } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";

type Token = inferRouterOutputs<AppRouter>["runnerToken"]["list"][number];

/** Runners join every few seconds at most: often enough to see it happen. */
const refreshMs = 5_000;

/** What runners of other machines joined with, each to be revoked. */
export function RunnerTokens() {
  const trpc = useTrpc();
  const tokens = useQuery(
    trpc.runnerToken.list.queryOptions(undefined, { refetchInterval: refreshMs }),
  );
  return (
    <Panel
      id="tokens"
      title="Runner tokens"
      help="What runners of other machines join with. The runners of this server need none."
    >
      {tokens.data?.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
      {tokens.data?.length === 0 && (
        <PanelRow>
          <Icon of={KeyRound} className="text-ink-3" />
          <span className="text-ink-2">No tokens yet. Add a runner to make one.</span>
        </PanelRow>
      )}
      {tokens.isPending && <PanelRow>{null}</PanelRow>}
      {tokens.isError && (
        <PanelRow>
          <span className="text-danger">
            The tokens could not be loaded: {tokens.error.message}
          </span>
        </PanelRow>
      )}
    </Panel>
  );
}

function TokenRow({ token }: { readonly token: Token }) {
  const { id, name, lastFour, scope } = token;
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.runnerToken.revoke.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(),
      onError: (error) => toast({ title: "The token was not revoked", description: error.message }),
    }),
  );
  return (
    <SecretRow
      name={name}
      facts={
        <>
          <code className="font-mono md:w-28">hdl_run_…{lastFour}</code>
          <span className="md:w-24">
            {scope === "cluster" ? "whole cluster" : "this workspace"}
          </span>
          <span className="md:w-32">
            <Use token={token} />
          </span>
        </>
      }
    >
      <RevokeButton
        name={name}
        consequence="Its runners are refused from now on, and other runners take over what they do."
        onRevoke={() => revoke.mutate({ id })}
      />
    </SecretRow>
  );
}

function Use({ token: { runners, lastUsedAt } }: { readonly token: Token }) {
  const nowMs = useNow(30_000);
  if (runners > 0) return `${runners} ${runners === 1 ? "runner" : "runners"} connected`;
  return lastUsedAt === null ? "never used" : `used ${ago(new Date(lastUsedAt), nowMs)}`;
}
