"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTrpc } from "../trpc.tsx";
import { CopyText } from "./copy-text.tsx";
import { NameForm } from "./name-form.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

export interface NewKeyProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks for a name, makes the key, shows it once. */
export function NewKey({ open, onClose }: NewKeyProps) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.key.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.key.list.queryKey() }),
    }),
  );
  const close = () => {
    onClose();
    create.reset();
  };
  const key = create.data?.key;
  return (
    <SecretDialog
      open={open}
      onClose={close}
      isPending={create.isPending}
      asking={{
        title: "New API key",
        description: "A name helps to tell which program it belongs to.",
        action: "Make the key",
        form: (id) => (
          <NameForm
            id={id}
            placeholder="Newsletter script"
            unnamed="Unnamed key"
            problem={create.error?.message ?? null}
            onName={(name) => create.mutate({ name })}
          />
        ),
      }}
      made={
        key === undefined
          ? null
          : {
              title: "Copy your key now",
              description: "It is shown this once.",
              content: <CopyText text={key} label="API key" />,
            }
      }
    />
  );
}
