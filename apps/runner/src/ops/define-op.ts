import type { NodeDefinition } from "@heddle/catalog";
import { assert, type Value } from "@heddle/core";
import { OpError, type Op, type OpContext } from "../op.ts";

/** An op that reads its input as its node type declares it, so that the two cannot disagree. */
export function defineOp<Input>(
  node: NodeDefinition<Input>,
  run: (input: Input, context: OpContext) => Promise<Record<string, Value>>,
): Op {
  assert(node.work.kind === "op", `${node.type} is done by an op`);
  return {
    name: node.work.op,
    run: async (context) => {
      const read = node.read(context.params, context.inputs);
      if (!read.ok) throw new OpError("input_invalid", read.error.message, read.error.portId);
      context.signal.throwIfAborted();
      return run(read.input, context);
    },
  };
}
