"use client";
import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

const manager = Base.createToastManager();

export interface ToastInput {
  readonly title: string;
  readonly description?: string;
  readonly action?: { readonly label: string; readonly onSelect: () => void };
}

/** Says something once, at the foot of the screen. Errors that belong to a place stand there, not here. */
export function toast(input: ToastInput): void {
  manager.add({
    title: input.title,
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.action === undefined
      ? {}
      : { actionProps: { children: input.action.label, onClick: input.action.onSelect } }),
    timeout: 6000,
  });
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed bottom-4 left-1/2 z-50 flex w-[min(400px,calc(100vw-32px))] -translate-x-1/2 flex-col gap-2">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => (
    <Base.Root
      key={item.id}
      toast={item}
      className="rounded-ui bg-raised shadow-float transition-opacity duration-(--move) data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <Base.Title className="text-13 font-medium" />
          <Base.Description className="text-12 text-ink-2" />
        </div>
        {item.actionProps !== undefined && (
          <Base.Action className="h-6 flex-none rounded-in px-2 text-12 font-medium text-accent-line hover:bg-hover" />
        )}
        <Base.Close
          aria-label="Dismiss"
          className="flex size-6 flex-none items-center justify-center rounded-in text-ink-2 hover:bg-hover"
        >
          <Icon of={X} />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
