import type { Price } from "./node-type.ts";

/** What one step used. Counts are of the results it made. */
export interface Usage {
  /** milliseconds of device time; loading and waiting are not in it */
  readonly deviceMs: number;
  readonly images: number;
  readonly megapixels: number;
}

/** Price of a step in USD, rounded to 8 decimals (numeric(18,8) in the database); never negative. */
export function stepCostUsd(price: Price, usage: Usage): number {
  return roundUsd(price.usd * units(price, usage));
}

/** Sum of amounts that have at most 8 decimals, without the drift of floating-point addition. */
export function sumUsd(amounts: Iterable<number>): number {
  let hundredMillionths = 0;
  for (const amount of amounts) hundredMillionths += Math.round(amount * 1e8);
  return hundredMillionths / 1e8;
}

function units(price: Price, usage: Usage): number {
  switch (price.unit) {
    case "second":
      return usage.deviceMs / 1000;
    case "image":
      return usage.images;
    case "megapixel":
      return usage.megapixels;
  }
}

function roundUsd(amount: number): number {
  return amount > 0 ? Math.round(amount * 1e8) / 1e8 : 0;
}
