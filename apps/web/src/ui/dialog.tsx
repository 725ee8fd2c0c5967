"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, right-aligned at the foot. */
  readonly actions?: ReactNode;
  /** Pixels. */
  readonly width?: number;
  /** False: one of the actions must be chosen. */
  readonly closable?: boolean;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  width = 440,
  closable = true,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className="fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-32px)] max-w-[calc(100vw-32px)] -translate-1/2 flex-col overflow-hidden rounded-ui bg-panel shadow-float transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0"
          style={{ width }}
        >
          <header className="flex items-start gap-2 p-4 pb-0">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-15 font-semibold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-1 text-13 text-ink-2">
                  {description}
                </Base.Description>
              )}
            </div>
            {closable && (
              <Base.Close
                aria-label="Close"
                className="grid size-8 flex-none place-items-center rounded-ui text-ink-2 hover:bg-hover hover:text-ink-1"
              >
                <Icon of={X} />
              </Base.Close>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {actions !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line p-4">
              {actions}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
