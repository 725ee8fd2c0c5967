"use client";
import { useId, type ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

interface Face {
  readonly title: string;
  readonly description: string;
  readonly content: ReactNode;
}

export interface SecretDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  /** What is asked first; `form` gets the id that the button of the dialog sends off. */
  readonly asking: Omit<Face, "content"> & {
    readonly action: string;
    readonly form: (id: string) => ReactNode;
  };
  readonly isPending: boolean;
  /** What was made, with the secret; null: nothing yet. */
  readonly made: Face | null;
}

/** Asks, makes something secret, and shows it this once. */
export function SecretDialog({ open, onClose, width, asking, isPending, made }: SecretDialogProps) {
  const form = useId();
  const { title, description, content } = made ?? { ...asking, content: asking.form(form) };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      {...(width !== undefined && { width })}
      title={title}
      description={description}
      actions={
        made === null ? (
          <Button variant="primary" type="submit" form={form} disabled={isPending}>
            {asking.action}
          </Button>
        ) : (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        )
      }
    >
      {content}
    </Dialog>
  );
}
