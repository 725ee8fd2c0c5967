"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useStore } from "zustand";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useDoc, useSession } from "../session-context.tsx";
import { type ConflictChoice, messageOf, resolveConflict } from "../state/actions.ts";

/** Two tabs changed the same workflow: nothing is overwritten until somebody chose. */
export function ConflictDialog() {
  const session = useSession();
  const router = useRouter();
  const state = useStore(session.saveState);
  const pending = useDoc((doc) => doc.pending.length);
  const [error, setError] = useState<string | null>(null);
  if (state.kind !== "conflict") return null;
  const choose = (choice: ConflictChoice) => {
    setError(null);
    resolveConflict(session, choice).then(
      (copyId) => copyId !== null && router.push(`/workflows/${copyId}`),
      (caught: unknown) => setError(messageOf(caught)),
    );
  };
  const mine = pending === 1 ? "1 change" : `${pending} changes`;
  return (
    <Dialog
      open
      closable={false}
      onOpenChange={() => undefined}
      title="Changed in another tab"
      description={`Somebody saved this workflow while you had ${mine} of your own. Nothing has been overwritten.`}
      actions={
        <>
          <Button onClick={() => choose("theirs")}>Drop mine</Button>
          <Button variant="line" onClick={() => choose("copy")}>
            Keep mine as a copy
          </Button>
          <Button variant="primary" onClick={() => choose("merge")}>
            Merge my {mine}
          </Button>
        </>
      }
    >
      <p className="text-12 text-ink-2">
        Merging does your changes again on top of theirs. Where both set the same thing, yours
        stays; undo brings theirs back.
      </p>
      {error !== null && (
        <p role="alert" className="mt-3 rounded-ui bg-danger-soft p-2 text-12 text-danger">
          {error}
        </p>
      )}
    </Dialog>
  );
}
