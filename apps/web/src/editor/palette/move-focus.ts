import type { KeyboardEvent } from "react";

/** Arrow keys walk through the buttons of a list. */
export function moveFocus(event: KeyboardEvent<HTMLElement>, list: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || list === null) return;
  const rows = [...list.querySelectorAll("button")];
  rows[rows.findIndex((row) => row === event.currentTarget) + step]?.focus();
  event.preventDefault();
}
