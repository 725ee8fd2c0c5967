import type { LinkedValue, OutputItem } from "@heddle/api";
import { Download } from "lucide-react";
import { useId } from "react";
import { outputItems } from "../results/output-items.ts";
import { SeenResult } from "../results/seen-result.tsx";
import { Chip } from "../ui/chip.tsx";
import { Icon } from "../ui/icon.tsx";
import { bytes } from "../words/amounts.ts";

/** What a run gave, by the names that the API uses. */
export function OutputValues({
  title = "Outputs",
  outputs,
}: {
  readonly title?: string;
  readonly outputs: Readonly<Record<string, LinkedValue>>;
}) {
  const titleId = useId();
  const entries = Object.entries(outputs);
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby={titleId} className="mt-8">
      <h2 id={titleId} className="mb-3 text-15 font-semibold">
        {title}
      </h2>
      <ul className="flex flex-wrap gap-4 max-md:grid max-md:grid-cols-2">
        {entries.flatMap(([name, value]) =>
          outputItems(value).map((item, index) => (
            <li key={`${name}-${index}`} className="w-48 max-md:w-auto">
              <Output name={name} item={item} />
            </li>
          )),
        )}
      </ul>
    </section>
  );
}

interface OutputProps {
  readonly name: string;
  readonly item: OutputItem;
}

function Output({ name, item }: OutputProps) {
  return (
    <figure>
      <div className="overflow-hidden rounded-ui bg-raised ring-1 ring-line">
        <Shown name={name} item={item} />
      </div>
      <figcaption className="mt-2 flex flex-wrap items-center gap-2 text-11 text-ink-3">
        <Chip media={item.media}>{name}</Chip>
        {"url" in item && (
          <a href={item.url} download className="inline-flex items-center gap-1 hover:text-ink-1">
            {"width" in item && item.width !== undefined ? `${item.width} × ${item.height}, ` : ""}
            {bytes(item.sizeBytes)}
            <Icon of={Download} size={12} />
            <span className="sr-only">Download {name}</span>
          </a>
        )}
      </figcaption>
    </figure>
  );
}

function Shown({ name, item }: OutputProps) {
  switch (item.media) {
    case "image":
    case "video":
      return (
        <SeenResult item={item} label={name} controls className="max-h-64 w-full object-contain" />
      );
    case "text":
      return <p className="max-h-48 overflow-auto p-3 text-12 whitespace-pre-wrap">{item.text}</p>;
    case "number":
      return <p className="p-3 text-20">{item.number}</p>;
    case "lora":
      return <p className="p-3 text-12 text-ink-2">LoRA</p>;
  }
}
