"use client";
import type { RunDetail } from "@heddle/api";
import { isTerminalRun } from "@heddle/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

/** Pause, resume and cancel of a run that is not over. */
export function RunControls({ run }: { readonly run: RunDetail }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const { id } = run;
  const onSuccess = () =>
    queryClient.invalidateQueries({ queryKey: trpc.run.get.queryKey({ id }) });
  const pause = useMutation(trpc.run.pause.mutationOptions({ onSuccess }));
  const resume = useMutation(trpc.run.resume.mutationOptions({ onSuccess }));
  const cancel = useMutation(trpc.run.cancel.mutationOptions({ onSuccess }));
  if (isTerminalRun(run.status)) return null;
  const paused = run.status === "PAUSED";
  const error = pause.error ?? resume.error ?? cancel.error;
  const busy = pause.isPending || resume.isPending || cancel.isPending;
  const disabled = busy || run.status === "CANCELING";
  return (
    <>
      <Button
        variant="line"
        disabled={disabled}
        onClick={() => (paused ? resume : pause).mutate({ id })}
      >
        <Icon of={paused ? Play : Pause} size={12} />
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button variant="line" disabled={disabled} onClick={() => cancel.mutate({ id })}>
        <Icon of={Square} size={12} />
        Cancel
      </Button>
      {error !== null && (
        <span role="alert" className="text-12 text-danger">
          {error.message}
        </span>
      )}
    </>
  );
}
