"use client";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

export interface RevokeButtonProps {
  /** What is revoked, as its owner calls it. */
  readonly name: string;
  /** What that does. */
  readonly consequence: string;
  readonly onRevoke: () => void;
}

/** Asks before it revokes: that cannot be undone. */
export function RevokeButton({ name, consequence, onRevoke }: RevokeButtonProps) {
  const [asking, setAsking] = useState(false);
  const revoke = () => {
    setAsking(false);
    onRevoke();
  };
  return (
    <>
      <Button
        size="small"
        variant="line"
        onClick={() => setAsking(true)}
        aria-label={`Revoke ${name}`}
      >
        Revoke
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke “${name}”?`}
        description={`${consequence} This cannot be undone.`}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button variant="danger" onClick={revoke}>
              Revoke
            </Button>
          </>
        }
      />
    </>
  );
}
