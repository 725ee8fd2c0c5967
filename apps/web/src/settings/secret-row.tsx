import type { ReactNode } from "react";
import { PanelRow } from "./panel.tsx";

export interface SecretRowProps {
  readonly name: string;
  /** What is known of it, one element each; below the name where there is little room. */
  readonly facts: ReactNode;
  /** To revoke it. */
  readonly children: ReactNode;
}

/** A key or token in a list: the whole of it was shown once. */
export function SecretRow({ name, facts, children }: SecretRowProps) {
  return (
    <PanelRow>
      <span className="min-w-0 flex-1 truncate font-medium max-md:basis-[calc(100%-88px)]">
        {name}
      </span>
      <span className="flex flex-wrap items-center gap-x-4 text-12 text-ink-2 max-md:order-last max-md:basis-full">
        {facts}
      </span>
      {children}
    </PanelRow>
  );
}
