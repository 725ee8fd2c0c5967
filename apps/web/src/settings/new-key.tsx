"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { CopyText } from "./copy-text.tsx";
import { NameForm } from "./name-form.tsx";

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
  const form = useId();
  const made = create.data?.key;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={made === undefined ? "New API key" : "Copy your key now"}
      description={
        made === undefined
          ? "A name helps to tell which program it belongs to."
          : "It is shown this once."
      }
      actions={
        made === undefined ? (
          <Button variant="primary" type="submit" form={form} disabled={create.isPending}>
            Make the key
          </Button>
        ) : (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        )
      }
    >
      {made === undefined ? (
        <NameForm
          id={form}
          placeholder="Newsletter script"
          unnamed="Unnamed key"
          problem={create.error?.message ?? null}
          onName={(name) => create.mutate({ name })}
        />
      ) : (
        <CopyText text={made} label="API key" />
      )}
    </Dialog>
  );
}
