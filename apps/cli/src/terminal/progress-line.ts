import type { WriteStream } from "node:tty";

/** One line at the bottom of a terminal that is written over; nothing where stderr is no terminal. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

const redrawMs = 50;

export function progressLine(stream: WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let drawnAt = 0;
  let pending: NodeJS.Timeout | undefined;
  const draw = (text: string) => {
    drawnAt = performance.now();
    stream.write(`\r\x1b[2K${text.slice(0, stream.columns - 1)}`);
  };
  return {
    show: (text) => {
      clearTimeout(pending);
      const waitMs = drawnAt + redrawMs - performance.now();
      if (waitMs <= 0) draw(text);
      else pending = setTimeout(draw, waitMs, text);
    },
    clear: () => {
      clearTimeout(pending);
      stream.write("\r\x1b[2K");
    },
  };
}

/** `████████░░░░ 67%` */
export function bar(share: number, width = 20): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  const percent = String(Math.round(share * 100)).padStart(3);
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${percent}%`;
}
