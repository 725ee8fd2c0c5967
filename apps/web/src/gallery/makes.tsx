import { describePort, type PortType } from "@heddle/core";
import { ChevronRight } from "lucide-react";
import { Icon } from "../ui/icon.tsx";
import { MediaShape } from "../ui/media-shape.tsx";

export interface MakesProps {
  readonly takes: readonly PortType[];
  readonly gives: readonly PortType[];
}

/** What a workflow takes (hollow) and gives (filled), in shapes; in words for a screen reader. */
export function Makes({ takes, gives }: MakesProps) {
  return (
    <span className="inline-flex items-center gap-[5px]">
      <span className="sr-only">{describe(takes, gives)}</span>
      {unique(takes).map((type) => (
        <MediaShape key={describePort(type)} {...type} hollow size={8} />
      ))}
      <Icon of={ChevronRight} size={12} className="text-ink-3" />
      {unique(gives).map((type) => (
        <MediaShape key={describePort(type)} {...type} size={8} />
      ))}
    </span>
  );
}

function unique(types: readonly PortType[]): PortType[] {
  return [...new Map(types.map((type) => [describePort(type), type])).values()];
}

function describe(takes: readonly PortType[], gives: readonly PortType[]): string {
  const words = (types: readonly PortType[]) =>
    unique(types).map(describePort).join(", ") || "nothing";
  return `Takes ${words(takes)}, gives ${words(gives)}`;
}
