/** How long a movement takes that scripts make: as long as `--move`, and no time where people asked for no motion. */
export function moveMs(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
}
