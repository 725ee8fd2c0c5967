"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { CopyText } from "../settings/copy-text.tsx";
import { NameForm } from "../settings/name-form.tsx";
import { SecretDialog } from "../settings/secret-dialog.tsx";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Segmented } from "../ui/segmented.tsx";

type Scope = "workspace" | "cluster";

const scopes = [
  { value: "workspace", label: "This workspace" },
  { value: "cluster", label: "Whole cluster" },
] as const;

const scopeHelp: Record<Scope, string> = {
  workspace: "It computes steps of this workspace only.",
  cluster: "It computes steps of everybody on this server.",
};

/** Makes a token for a runner of another machine, and shows once the command that joins with it. */
export function AddRunner() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [scope, setScope] = useState<Scope>("workspace");
  const create = useMutation(
    trpc.runnerToken.create.mutationOptions({
      onSuccess: () =>
        queryClient.invalidateQueries({ queryKey: trpc.runnerToken.list.queryKey() }),
    }),
  );
  const close = () => {
    setOpen(false);
    create.reset();
  };
  const made = create.data;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Icon of={Plus} />
        Add a runner
      </Button>
      <SecretDialog
        open={open}
        onClose={close}
        width={560}
        isPending={create.isPending}
        asking={{
          title: "Add a runner",
          description:
            "A machine of yours computes steps for this server. It needs Heddle, and no access but this address.",
          action: "Make the token",
          form: (id) => (
            <NameForm
              id={id}
              placeholder="Workstation under the desk"
              unnamed="Unnamed runner"
              problem={create.error?.message ?? null}
              onName={(name) => create.mutate({ name, scope })}
            >
              <p className="mt-4 mb-1 text-12 text-ink-2">Works for</p>
              <Segmented label="Works for" value={scope} options={scopes} onChange={setScope} />
              <p className="mt-2 text-12 text-ink-2">{scopeHelp[scope]}</p>
            </NameForm>
          ),
        }}
        made={
          made === undefined
            ? null
            : {
                title: "Run this on the other machine",
                description:
                  "In a checkout of Heddle. The token in it is shown this once; Ctrl-C leaves again.",
                content: <Command server={made.server} token={made.token} />,
              }
        }
      />
    </>
  );
}

function Command({ server, token }: { readonly server: string; readonly token: string }) {
  return (
    <>
      <CopyText text={`npx heddle runner --server ${server} --token ${token}`} label="command" />
      {isLoopback(server) && (
        <p className="mt-3 text-12 text-ink-2">
          Other machines cannot reach {server}: start this server with HOST=0.0.0.0 and with
          PUBLIC_URL set to the address that they see.
        </p>
      )}
    </>
  );
}

function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
