import { z } from "zod";
import {
  completeRequestSchema,
  completeResponseSchema,
  eventsRequestSchema,
  eventsResponseSchema,
  leaseRequestSchema,
  leaseResponseSchema,
  registerRequestSchema,
  registerResponseSchema,
  runnerProtocolVersion,
} from "./runner-protocol.ts";

/** Bodies of the runner protocol, by the name of their file in `contract/`. */
const bodies = {
  "register-request": registerRequestSchema,
  "register-response": registerResponseSchema,
  "lease-request": leaseRequestSchema,
  "lease-response": leaseResponseSchema,
  "events-request": eventsRequestSchema,
  "events-response": eventsResponseSchema,
  "complete-request": completeRequestSchema,
  "complete-response": completeResponseSchema,
};

/**
 * The runner protocol as JSON Schema (draft 2020-12), for runners in other languages: file name → text of the file.
 * Fields with a default may be left out; fields that are not named may be there, and are to be passed over.
 */
export function contractFiles(): Record<string, string> {
  const entries = Object.entries(bodies).map(([name, schema]): [string, string] => {
    const json = z.toJSONSchema(schema, { io: "input", reused: "ref", unrepresentable: "any" });
    const { $schema, ...rest } = json;
    const titled = {
      $schema,
      title: name,
      description: `Runner protocol ${runnerProtocolVersion}`,
      ...rest,
    };
    return [`${name}.json`, `${JSON.stringify(titled, null, 2)}\n`];
  });
  return Object.fromEntries(entries);
}
