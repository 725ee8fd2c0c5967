import type { Problem } from "@heddle/core";

/** The message without the name of its node, for where the node is in sight anyway. */
export function problemWords({ message, nodeId }: Problem): string {
  if (nodeId === undefined) return message;
  const label = `(${nodeId}): `;
  const at = message.indexOf(label);
  if (at === -1) return message;
  const rest = message.slice(at + label.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
