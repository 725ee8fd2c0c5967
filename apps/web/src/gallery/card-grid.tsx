import type { ReactNode } from "react";

/** Cards in columns: two on a phone, as many as fit at 240 px elsewhere. */
export function CardGrid({ children }: { readonly children: ReactNode }) {
  return (
    <ul className="grid grid-cols-2 gap-4 md:grid-cols-[repeat(auto-fill,minmax(236px,1fr))] md:gap-6">
      {children}
    </ul>
  );
}

/** Cards that are on their way: the same boxes, so that nothing jumps when they come. */
export function CardPlaceholders({ count }: { readonly count: number }) {
  return Array.from({ length: count }, (_, index) => (
    <li key={index} aria-hidden="true">
      <span className="block aspect-square rounded-ui bg-raised ring-1 ring-line" />
      <span className="mt-2 block h-5" />
      <span className="mt-0.5 block h-4" />
    </li>
  ));
}
