import type { ReactNode } from "react";

export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-block min-w-[18px] rounded-in border border-line px-1 text-center font-sans text-11 font-medium whitespace-nowrap text-ink-3">
      {children}
    </kbd>
  );
}
