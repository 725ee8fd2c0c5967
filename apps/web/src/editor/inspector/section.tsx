import type { ReactNode } from "react";

/** One part of the inspector, under a quiet head. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className="border-b border-line px-4 py-3 [--under:var(--panel)] last:border-b-0"
    >
      {title !== undefined && (
        <h3 className="mb-2 flex items-center text-11 font-medium text-ink-3">
          <span className="flex-1">{title}</span>
          {aside}
        </h3>
      )}
      {children}
    </section>
  );
}
