import type { Price } from "@heddle/core";

/** US dollars for one second of this machine's device time. */
export const devicePrice: Price = { unit: "second", usd: 0.0002 };

/** What runs inside the orchestrator costs nothing. */
export const free: Price = { unit: "second", usd: 0 };
