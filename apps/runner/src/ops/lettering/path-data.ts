import { assertNever } from "@heddle/core";
import type { Path, PathCommand } from "opentype.js";

/** SVG path data, to a hundredth of a pixel. */
export function pathData({ commands }: Path): string {
  return commands.map(writeCommand).join("");
}

function writeCommand(command: PathCommand): string {
  switch (command.type) {
    case "M":
    case "L":
      return `${command.type}${write(command.x)} ${write(command.y)}`;
    case "Q":
      return `Q${write(command.x1)} ${write(command.y1)} ${write(command.x)} ${write(command.y)}`;
    case "C":
      return `C${write(command.x1)} ${write(command.y1)} ${write(command.x2)} ${write(command.y2)} ${write(command.x)} ${write(command.y)}`;
    case "Z":
      return "Z";
    default:
      return assertNever(command);
  }
}

function write(value: number): string {
  return value.toFixed(2);
}
