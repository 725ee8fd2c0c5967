/** Whether this process may become other users. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
