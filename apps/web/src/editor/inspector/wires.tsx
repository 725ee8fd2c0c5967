"use client";
import { catalog } from "@heddle/catalog";
import { type DocumentEdge, type Field, nodeTitle } from "@heddle/core";
import { X } from "lucide-react";
import { useMemo } from "react";
import { Chip } from "../../ui/chip.tsx";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/button.tsx";
import { useDoc, useDocument, useSession } from "../session-context.tsx";
import { reveal } from "../state/actions.ts";
import { typesOf } from "../state/graph.ts";

/** The wires into one input, as chips that lead to where they come from. */
export function Wires({ nodeId, field }: { readonly nodeId: string; readonly field: Field }) {
  const edges = useDoc(({ document }) => document.edges);
  const wires = useMemo(
    () => edges.filter(({ to }) => to.node === nodeId && to.port === field.name),
    [edges, nodeId, field.name],
  );
  if (wires.length === 0)
    return (
      <span className="text-12 text-ink-3">
        {field.required ? "Needs a wire" : "Nothing wired"}
      </span>
    );
  return (
    <ul className="flex min-w-0 flex-col gap-1">
      {wires.map((wire) => (
        <WireChip key={wire.id} wire={wire} label={field.label} />
      ))}
    </ul>
  );
}

function WireChip({ wire, label }: { readonly wire: DocumentEdge; readonly label: string }) {
  const session = useSession();
  const document = useDocument();
  const source = document.nodes[wire.from.node];
  const output = typesOf(document)
    .get(wire.from.node)
    ?.outputs.find(({ name }) => name === wire.from.port);
  const title = source === undefined ? wire.from.node : nodeTitle(source, catalog);
  return (
    <li className="flex min-w-0 items-center gap-1">
      <button
        type="button"
        onClick={() => reveal(session, wire.from.node)}
        className="min-w-0 rounded-in"
        aria-label={`${label} comes from ${title}; go there`}
      >
        <Chip media={output?.type.media ?? "any"} list={output?.type.list ?? false}>
          {title}
        </Chip>
      </button>
      <IconButton
        size="small"
        className="ml-auto"
        label={`Unwire ${label} from ${title}`}
        onClick={() => session.doc.edit({ type: "removeEdges", edgeIds: [wire.id] })}
      >
        <Icon of={X} size={12} />
      </IconButton>
    </li>
  );
}
