import type { ReactNode } from "react";

export interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly help: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A titled box of rows. */
export function Panel({ id, title, help, action, children }: PanelProps) {
  return (
    <section aria-labelledby={id} className="mt-8">
      <div className="mb-3 flex items-end gap-4">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-15 font-semibold">
            {title}
          </h2>
          <p className="text-ink-2">{help}</p>
        </div>
        {action}
      </div>
      <div className="overflow-hidden rounded-ui bg-panel ring-1 ring-line">{children}</div>
    </section>
  );
}

export function PanelRow({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0">
      {children}
    </div>
  );
}
