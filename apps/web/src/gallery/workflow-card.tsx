import Link from "next/link";
import type { ReactNode } from "react";

export interface WorkflowCardProps {
  readonly title: string;
  readonly picture: ReactNode;
  readonly facts: ReactNode;
  /** Where the card leads, or what a press does. */
  readonly action:
    | { readonly href: string }
    | { readonly onPress: () => void; readonly busy: boolean };
  /** Buttons beside the facts that are not part of the link. */
  readonly extra?: ReactNode;
}

/** A workflow as a picture with its name and one line of facts. */
export function WorkflowCard({ title, picture, facts, action, extra }: WorkflowCardProps) {
  const face = (
    <>
      <span className="relative block aspect-square overflow-hidden rounded-ui bg-raised ring-1 ring-line group-hover:ring-line-control">
        {picture}
      </span>
      <span className="mt-2 block truncate pr-8 font-medium">{title}</span>
    </>
  );
  const faceClass = "block w-full rounded-ui text-left";
  return (
    <li className="group relative min-w-0">
      {"href" in action ? (
        <Link href={action.href} className={faceClass}>
          {face}
        </Link>
      ) : (
        <button
          type="button"
          className={faceClass}
          onClick={action.onPress}
          aria-busy={action.busy}
        >
          {face}
        </button>
      )}
      <p className="mt-0.5 flex items-center gap-2 text-12 text-ink-2">{facts}</p>
      {extra !== undefined && <div className="absolute right-0 bottom-4">{extra}</div>}
    </li>
  );
}
