import { expect } from "@playwright/test";

/** Origin of the server that the journeys use. */
export function serverUrl(): string {
  const url = process.env["HEDDLE_E2E_URL"];
  if (url === undefined) throw new Error("no server was started");
  return url;
}

/** Sends JSON as a program with a key would. */
export async function send(path: string, options: SendOptions = {}): Promise<Response> {
  const { method = options.body === undefined ? "GET" : "POST", key, headers = {}, body } = options;
  return await fetch(`${serverUrl()}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

interface SendOptions {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown;
}

export async function upload(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Response> {
  const form = new FormData();
  form.set("file", new Blob([bytes]), name);
  return await fetch(`${serverUrl()}/api/v1/uploads`, { method: "POST", body: form });
}

/** A key of the local owner's workspace. */
export async function makeKey(scopes = ["run", "read"]): Promise<string> {
  const response = await send("/api/v1/keys", { body: { name: "journey", scopes } });
  expect(response.status).toBe(201);
  const { key } = (await response.json()) as { key: string };
  return key;
}

/** Whether the server is still well. */
export async function expectWell(): Promise<void> {
  expect((await send("/api/health")).status).toBe(200);
}
