"use client";
import { useQuery } from "@tanstack/react-query";
import type { AppRouter } from "@heddle/api";
import type { MediaType } from "@heddle/core";
import type { inferRouterOutputs } from "@trpc/server";
import { type ReactNode, useState } from "react";
import { useTrpc } from "../trpc.tsx";
import { FilmView } from "../results/film-view.tsx";
import { MediaShape } from "../ui/media-shape.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { dollars, seconds } from "../words/amounts.ts";
import { CardGrid, CardPlaceholders } from "./card-grid.tsx";
import type { Start } from "./gallery.tsx";
import { Makes } from "./makes.tsx";
import { WorkflowCard } from "./workflow-card.tsx";

export interface TemplatesProps {
  readonly query: string;
  readonly onOpen: (start: Start) => void;
  /** Slug of the template that is being opened. */
  readonly opening: string | null;
  /** A last card. */
  readonly children?: ReactNode;
}

const filters = ["all", "image", "video", "text", "lora"] as const;
type Filter = (typeof filters)[number];

/** The workflows that come with Heddle; a press makes a copy and opens it. */
export function Templates({ query, onOpen, opening, children }: TemplatesProps) {
  const trpc = useTrpc();
  const templates = useQuery(trpc.template.list.queryOptions());
  const [filter, setFilter] = useState<Filter>("all");
  const wanted = (templates.data ?? []).filter(
    (template) =>
      matches(query, [template.name, template.description]) &&
      (filter === "all" || template.gives.some((type) => type.media === filter)),
  );
  return (
    <section aria-labelledby="templates-title">
      <div className="mb-4 flex min-h-8 flex-wrap items-center gap-3">
        <h1 id="templates-title" className="text-15 font-semibold">
          Start from a template
        </h1>
        <p className="text-ink-2 max-md:hidden">Each one runs on this machine as it is.</p>
        <div className="ml-auto">
          <Segmented
            label="What it makes"
            value={filter}
            onChange={setFilter}
            options={filters.map((value) => ({ value, label: filterLabel(value) }))}
          />
        </div>
      </div>
      <CardGrid>
        {templates.isPending && <CardPlaceholders count={5} />}
        {wanted.map((template) => (
          <TemplateCard
            key={template.slug}
            template={template}
            busy={opening === template.slug}
            onOpen={() => onOpen({ kind: "template", slug: template.slug })}
          />
        ))}
        {children !== null && children !== undefined && <li>{children}</li>}
      </CardGrid>
      {templates.isError && (
        <p className="text-danger">The templates could not be loaded: {templates.error.message}</p>
      )}
      {templates.isSuccess && wanted.length === 0 && query !== "" && (
        <p className="mt-4 text-ink-2">No template fits “{query}”.</p>
      )}
    </section>
  );
}

type Template = inferRouterOutputs<AppRouter>["template"]["list"][number];

interface TemplateCardProps {
  readonly template: Template;
  readonly busy: boolean;
  readonly onOpen: () => void;
}

function TemplateCard({ template, busy, onOpen }: TemplateCardProps) {
  return (
    <WorkflowCard
      title={template.name}
      picture={<Picture of={template.picture} gives={template.gives[0]?.media ?? "any"} />}
      facts={
        <>
          <Makes takes={template.takes} gives={template.gives} />
          <span className="ml-auto truncate">
            ~{seconds(template.estimate.deviceMs)}, {dollars(template.estimate.costUsd)}
          </span>
        </>
      }
      action={{ onPress: onOpen, busy }}
    />
  );
}

const filterWords = { image: "Image", video: "Video", text: "Text", lora: "LoRA" } as const;

function filterLabel(filter: Filter): ReactNode {
  if (filter === "all") return "All";
  return (
    <>
      <MediaShape media={filter} size={8} />
      {filterWords[filter]}
    </>
  );
}

/** Whether every word of the query is somewhere in the texts. */
export function matches(query: string, texts: readonly string[]): boolean {
  const haystack = texts.join(" ").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

export interface PictureProps {
  readonly of: { readonly url: string; readonly contentType: string } | null;
  /** Drawn hollow where there is no picture yet. */
  readonly gives: MediaType | "any";
}

/** A picture, or a film that stands still. */
export function Picture({ of, gives }: PictureProps) {
  const className = "size-full object-cover";
  if (of?.contentType.startsWith("video/") === true)
    return <FilmView {...of} label="" still className={className} />;
  if (of !== null)
    return <img src={of.url} alt="" loading="lazy" decoding="async" className={className} />;
  return (
    <span className="grid size-full place-items-center [--under:var(--raised)]">
      <MediaShape media={gives} hollow size={20} />
    </span>
  );
}
