import { loraStrength } from "@heddle/catalog";
import { loadAdapter } from "../lora/load-adapter.ts";
import { saveLora } from "../lora/save-lora.ts";
import { writeAdapter } from "../lora/write-adapter.ts";
import { defineOp } from "./define-op.ts";

/** The op `lora-strength`: B of every layer is multiplied, at 32 bits, so that 16 bits round nothing off. */
export const loraStrengthOp = defineOp(loraStrength, async ({ lora, strength }, context) => {
  const { title, rank, a, b } = await loadAdapter(context, lora, "lora");
  if (strength === 100) return { lora: { media: "lora", artifact: lora } };
  const scaled = b.map((value) => (value * strength) / 100);
  const bytes = writeAdapter(
    { rank, a, b: scaled },
    { title: `${title} ${strength} %`.trim(), dtype: "F32" },
  );
  return { lora: await saveLora(context, bytes) };
});
