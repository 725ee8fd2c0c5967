import type { ApiKeyView } from "@heddle/db";
import { z } from "zod";
import { scopes } from "../access/caller.ts";

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    lastFour: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdAt: z.string().meta({ format: "date-time" }),
    lastUsedAt: z.string().nullable().meta({ format: "date-time" }),
  })
  .meta({ id: "ApiKey", description: "An API key, without its secret" });
export type ApiKeyResult = z.infer<typeof apiKeySchema>;

export const createApiKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    scopes: z.array(z.enum(scopes)).min(1).default(["run", "read"]),
  })
  .meta({ id: "CreateApiKeyBody" });

export const createdApiKeySchema = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: "The key itself; it is shown this once" }),
    lastFour: z.string(),
  })
  .meta({ id: "CreatedApiKey" });

export function toKeyResult({
  id,
  name,
  lastFour,
  scopes: allowed,
  createdAt,
  lastUsedAt,
}: ApiKeyView): ApiKeyResult {
  return {
    id,
    name,
    lastFour,
    scopes: [...allowed],
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
