import { catalog } from "@heddle/catalog";
import {
  type ArtifactRef,
  artifactRefSchema,
  type Document,
  type Json,
  type PortType,
  type ResolvedTypes,
  resolveTypes,
} from "@heddle/core";
import { useArtifactUrl } from "../form/artifact-links.ts";
import { MediaShape } from "../ui/media-shape.tsx";

const nodeWidth = 208;
const firstPort = 24;
const portStep = 24;
const titleHeight = 22;
const margin = 32;

interface Box {
  readonly id: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly makes: PortType["media"];
  /** The file that an input node holds. */
  readonly picture: ArtifactRef | null;
}

/** The graph of a workflow as a still picture: nodes where they lie, wires in the colours of what they carry. */
export function GraphPicture({ document }: { readonly document: Document }) {
  const types = resolveTypes(document, catalog);
  const boxes = new Map(boxesOf(document, types).map((box) => [box.id, box]));
  const all = [...boxes.values()];
  if (all.length === 0) return null;
  const left = Math.min(...all.map((box) => box.x)) - margin;
  const top = Math.min(...all.map((box) => box.y)) - titleHeight - margin;
  const right = Math.max(...all.map((box) => box.x + box.width)) + margin;
  const bottom = Math.max(...all.map((box) => box.y + box.height)) + margin;
  const label = `The graph: ${all.map((box) => box.title).join(", ")}`;
  return (
    <div className="overflow-hidden rounded-ui bg-canvas ring-1 ring-line">
      <svg
        viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
        className="block max-h-[420px] min-h-40 w-full"
        role="img"
        aria-label={label}
      >
        {document.edges.map((edge) => {
          const from = boxes.get(edge.from.node);
          const to = boxes.get(edge.to.node);
          if (from === undefined || to === undefined) return null;
          const outputs = types.get(edge.from.node)?.outputs ?? [];
          const inputs = types.get(edge.to.node)?.inputs ?? [];
          const out = Math.max(
            0,
            outputs.findIndex(({ name }) => name === edge.from.port),
          );
          const into = Math.max(
            0,
            inputs.findIndex(({ field }) => field.name === edge.to.port),
          );
          return (
            <Wire
              key={edge.id}
              fromX={from.x + from.width}
              fromY={from.y + firstPort + out * portStep}
              toX={to.x}
              toY={to.y + firstPort + into * portStep}
              type={outputs[out]?.type ?? { media: "any", list: false }}
            />
          );
        })}
        {all.map((box) => (
          <Node key={box.id} box={box} />
        ))}
      </svg>
    </div>
  );
}

function boxesOf(document: Document, types: ResolvedTypes): Box[] {
  return Object.entries(document.nodes).map(([id, node]) => {
    const ports = types.get(id);
    const count = Math.max(1, ports?.inputs.length ?? 0, ports?.outputs.length ?? 0);
    const type = catalog.get(node.type);
    const makes = ports?.outputs[0]?.type.media ?? ports?.inputs[0]?.type.media ?? "any";
    return {
      id,
      title: node.title ?? type?.title ?? node.type,
      x: node.position.x,
      y: node.position.y,
      width: node.width ?? nodeWidth,
      height: heightOf(type?.role === "output", makes, count),
      makes,
      picture: pictureOf(node.params["value"]),
    };
  });
}

/** A node that makes a picture is about as high as wide; the others are as high as their ports need. */
function heightOf(isOutput: boolean, makes: PortType["media"], ports: number): number {
  if (isOutput) return 2 * firstPort;
  const least = 2 * firstPort + ports * portStep;
  return makes === "image" || makes === "video" ? Math.max(least, 168) : least;
}

function pictureOf(value: Json | undefined): ArtifactRef | null {
  const file = artifactRefSchema.safeParse(Array.isArray(value) ? value[0] : value).data;
  return file?.contentType.startsWith("image/") === true ? file : null;
}

function Node({ box }: { readonly box: Box }) {
  const size = 20;
  const url = useArtifactUrl(box.picture);
  return (
    <g>
      <text x={box.x} y={box.y - 10} className="fill-ink-1 font-medium" fontSize={13}>
        {box.title}
      </text>
      <rect
        x={box.x}
        y={box.y}
        width={box.width}
        height={box.height}
        rx={8}
        className="fill-raised stroke-line"
        strokeWidth={1}
      />
      {url !== null && (
        <svg x={box.x} y={box.y} width={box.width} height={box.height}>
          <image href={url} width="100%" height="100%" preserveAspectRatio="xMidYMid slice" />
        </svg>
      )}
      {url === null && (
        <svg
          x={box.x + (box.width - size) / 2}
          y={box.y + (box.height - size) / 2}
          width={size}
          height={size}
          overflow="visible"
        >
          <MediaShape media={box.makes} hollow size={size} under="var(--raised)" />
        </svg>
      )}
    </g>
  );
}

interface WireProps {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly type: PortType;
}

function Wire({ fromX, fromY, toX, toY, type }: WireProps) {
  const reach = Math.min(48, Math.max(16, Math.abs(toX - fromX) * 0.75));
  const path = `M${fromX} ${fromY}C${fromX + reach} ${fromY} ${toX - reach} ${toY} ${toX} ${toY}`;
  return (
    <g className={`media-${type.media}`} fill="none" strokeLinecap="round">
      <path d={path} stroke="var(--t)" strokeWidth={type.list ? 5 : 2} />
      {type.list && <path d={path} stroke="var(--canvas)" strokeWidth={2} />}
      <circle cx={fromX} cy={fromY} r={4} fill="var(--t)" />
      <circle cx={toX} cy={toY} r={4} fill="var(--t)" />
    </g>
  );
}
