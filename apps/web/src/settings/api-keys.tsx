"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { ago } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";
import { NewKey } from "./new-key.tsx";
import { Panel, PanelRow } from "./panel.tsx";
import { RevokeButton } from "./revoke-button.tsx";
import { SecretRow } from "./secret-row.tsx";

/** API keys: made, shown once, revoked. */
export function ApiKeys() {
  const trpc = useTrpc();
  const keys = useQuery(trpc.key.list.queryOptions());
  const [making, setMaking] = useState(false);
  const nowMs = useNow(30_000);
  return (
    <Panel
      id="keys"
      title="API keys"
      help="A program that calls your workflows sends one of these. Whoever holds it can run workflows and see results."
      action={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Icon of={Plus} />
          New key
        </Button>
      }
    >
      {keys.data?.length === 0 && (
        <PanelRow>
          <Icon of={KeyRound} className="text-ink-3" />
          <span className="text-ink-2">
            No keys yet. Make one to call a workflow with curl or from code.
          </span>
        </PanelRow>
      )}
      {keys.data?.map((key) => (
        <SecretRow
          key={key.id}
          name={key.name}
          facts={
            <>
              <code className="font-mono">hdl_live_…{key.lastFour}</code>
              <span className="md:w-40">
                {key.lastUsedAt === null
                  ? "never used"
                  : `used ${ago(new Date(key.lastUsedAt), nowMs)}`}
              </span>
            </>
          }
        >
          <Revoke id={key.id} name={key.name} />
        </SecretRow>
      ))}
      {keys.isPending && <PanelRow>{null}</PanelRow>}
      {keys.isError && (
        <PanelRow>
          <span className="text-danger">The keys could not be loaded: {keys.error.message}</span>
        </PanelRow>
      )}
      <NewKey open={making} onClose={() => setMaking(false)} />
    </Panel>
  );
}

function Revoke({ id, name }: { readonly id: string; readonly name: string }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.key.revoke.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.key.list.queryKey() }),
      onError: (error) => toast({ title: "The key was not revoked", description: error.message }),
    }),
  );
  return (
    <RevokeButton
      name={name}
      consequence="Programs that use it are refused from now on."
      onRevoke={() => revoke.mutate({ id })}
    />
  );
}
