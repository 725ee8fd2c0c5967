"use client";
import type { OutputItem } from "@heddle/api";
import type { DeclaredOutput } from "@heddle/core";
import { Download } from "lucide-react";
import clsx from "clsx";
import { useState } from "react";
import { ResultThumb } from "../results/result-thumb.tsx";
import { SeenResult } from "../results/seen-result.tsx";
import { Icon } from "../ui/icon.tsx";
import { MediaShape } from "../ui/media-shape.tsx";

export interface ResultViewProps {
  readonly outputs: readonly DeclaredOutput[];
  /** By the name of the output; null: nothing has been made yet. */
  readonly result: Readonly<Record<string, readonly OutputItem[]>> | null;
  readonly running: boolean;
}

interface Shown {
  readonly key: string;
  readonly label: string;
  readonly item: OutputItem;
}

/** What the workflow makes, large; the other results as thumbnails below. */
export function ResultView({ outputs, result, running }: ResultViewProps) {
  const all = outputs.flatMap(({ name, label }) =>
    (result?.[name] ?? []).map((item, index): Shown => ({ key: `${name}-${index}`, label, item })),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const shown =
    all.find(({ key }) => key === chosen) ??
    all.find(({ item }) => item.media === "image") ??
    all[0];
  return (
    <section aria-label="Result" aria-busy={running}>
      <div
        className={clsx(
          "relative grid aspect-square w-full place-items-center overflow-hidden bg-hover ring-1 ring-line max-md:rounded-none md:aspect-auto md:h-[616px] md:rounded-ui",
          running && "[&_img]:opacity-55",
        )}
      >
        {shown === undefined ? (
          <Empty media={outputs[0]?.type.media ?? "any"} running={running} />
        ) : (
          <Large shown={shown} />
        )}
      </div>
      {all.length > 1 && (
        <ul className="mt-4 flex gap-2 overflow-x-auto p-0.5 max-md:px-4">
          {all.map((one, index) => (
            <li key={one.key}>
              <button
                type="button"
                aria-label={`Show ${one.label} ${index + 1}`}
                aria-pressed={one.key === shown?.key}
                onClick={() => setChosen(one.key)}
                className={clsx(
                  "grid size-16 place-items-center overflow-hidden rounded-ui bg-raised ring-1 ring-line",
                  one.key === shown?.key && "outline-2 outline-offset-2 outline-accent-line",
                )}
              >
                <ResultThumb item={one.item} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Empty({
  media,
  running,
}: {
  readonly media: DeclaredOutput["type"]["media"];
  readonly running: boolean;
}) {
  return (
    <div className="grid place-items-center gap-3 text-ink-2 [--under:var(--hover)]">
      <MediaShape media={media} hollow size={24} />
      <p>{running ? "On its way" : "The result appears here."}</p>
    </div>
  );
}

function Large({ shown }: { readonly shown: Shown }) {
  const { item, label } = shown;
  switch (item.media) {
    case "image":
    case "video":
      return (
        <>
          <SeenResult
            item={item}
            label={label}
            controls
            className="absolute inset-0 size-full object-contain"
          />
          <a
            href={item.url}
            download
            className={clsx(
              "absolute right-3 flex h-6 items-center gap-1.5 rounded-in bg-scrim px-2 text-12 font-medium text-on-scrim",
              // Below a film are its buttons.
              item.media === "image" ? "bottom-3" : "top-3",
            )}
          >
            <Icon of={Download} size={12} />
            Download
          </a>
          {item.media === "image" && item.width !== undefined && (
            <span className="absolute bottom-3 left-3 rounded-in bg-scrim px-2 text-12 leading-6 font-medium text-on-scrim">
              {item.width} × {item.height}
            </span>
          )}
        </>
      );
    case "text":
      return (
        <p className="max-h-full w-full overflow-auto p-8 text-15 whitespace-pre-wrap">
          {item.text}
        </p>
      );
    case "number":
      return <p className="text-28 font-semibold">{item.number}</p>;
    case "lora":
      return (
        <a href={item.url} download className="text-accent-line underline">
          Download the LoRA
        </a>
      );
  }
}
