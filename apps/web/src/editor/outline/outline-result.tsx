"use client";
import { outputItems } from "../../results/output-items.ts";
import { SeenResult } from "../../results/seen-result.tsx";
import { useNodeRun, useNodeType, useSession } from "../session-context.tsx";
import { shownValue, valueWords } from "../node/shown-value.ts";

/** What the node made, above its form. */
export function OutlineResult({ nodeId }: { readonly nodeId: string }) {
  const session = useSession();
  const type = useNodeType(nodeId);
  const { result } = useNodeRun(nodeId);
  const value = shownValue(type, result);
  if (value === undefined || type === undefined || type.role === "input") return null;
  const items = outputItems(value);
  const seen = items.filter((item) => item.media === "image" || item.media === "video");
  if (seen.length === 0)
    return (
      <p className="mx-4 mb-2 max-h-60 overflow-auto rounded-ui bg-raised p-3 text-13 whitespace-pre-wrap">
        {valueWords(value)}
      </p>
    );
  const columns = Math.min(4, seen.length);
  return (
    <div
      className="mx-4 mb-2 grid gap-0.5 overflow-hidden rounded-ui"
      style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
    >
      {seen.map((item, index) => (
        <button
          key={index}
          type="button"
          aria-label={`${type.title}, result ${index + 1}, show large`}
          onClick={() => session.ui.setState({ lightbox: { title: type.title, items, index } })}
        >
          <SeenResult
            item={item}
            label=""
            className={columns === 1 ? "w-full" : "aspect-square w-full object-cover"}
          />
        </button>
      ))}
    </div>
  );
}
