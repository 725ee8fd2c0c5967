import type { LinkedValue } from "@heddle/api";
import { Download } from "lucide-react";
import { useId } from "react";
import { Chip } from "../ui/chip.tsx";
import { Icon } from "../ui/icon.tsx";
import { bytes } from "../words/amounts.ts";
import { FilmView } from "../ui/film-view.tsx";

type LinkedScalar = Exclude<LinkedValue, { media: "list" }>;

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
      <ul className="flex flex-wrap gap-4">
        {entries.flatMap(([name, value]) =>
          itemsOf(value).map((item, index) => (
            <li key={`${name}-${index}`} className="w-48">
              <OutputItem name={name} item={item} />
            </li>
          )),
        )}
      </ul>
    </section>
  );
}

export function itemsOf(value: LinkedValue): readonly LinkedScalar[] {
  return value.media === "list" ? value.items : [value];
}

function OutputItem({ name, item }: { readonly name: string; readonly item: LinkedScalar }) {
  return (
    <figure>
      <div className="overflow-hidden rounded-ui bg-raised ring-1 ring-line">
        <ScalarView name={name} item={item} />
      </div>
      <figcaption className="mt-2 flex flex-wrap items-center gap-2 text-11 text-ink-3">
        <Chip media={item.media}>{name}</Chip>
        {"artifact" in item && (
          <a
            href={item.artifact.url}
            download
            className="inline-flex items-center gap-1 hover:text-ink-1"
          >
            {item.artifact.width === undefined
              ? ""
              : `${item.artifact.width} × ${item.artifact.height}, `}
            {bytes(item.artifact.sizeBytes)}
            <Icon of={Download} size={12} />
            <span className="sr-only">Download {name}</span>
          </a>
        )}
      </figcaption>
    </figure>
  );
}

function ScalarView({ name, item }: { readonly name: string; readonly item: LinkedScalar }) {
  switch (item.media) {
    case "image":
      return <img src={item.artifact.url} alt={name} className="max-h-64 w-full object-contain" />;
    case "video":
      return (
        <FilmView
          url={item.artifact.url}
          contentType={item.artifact.contentType}
          label={name}
          controls
          className="w-full"
        />
      );
    case "text":
      return <p className="max-h-48 overflow-auto p-3 text-12 whitespace-pre-wrap">{item.text}</p>;
    case "number":
      return <p className="p-3 text-20">{item.number}</p>;
    case "lora":
      return <p className="p-3 text-12 text-ink-2">LoRA</p>;
  }
}
