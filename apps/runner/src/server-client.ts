import { request as httpRequest, Agent as HttpAgent } from "node:http";
import { request as httpsRequest, Agent as HttpsAgent } from "node:https";
import type { z } from "zod";

/** The server answered, and not with success. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  /** HTTP status */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Call<Answer> {
  readonly path: string;
  readonly body: unknown;
  readonly answer: z.ZodType<Answer>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calls the orchestrator over connections that stay open; `fetch` costs several times as much a call. */
export interface ServerClient {
  /** Throws `ServerRefusal` for an answer that is not a success, and other errors when there is no answer. */
  post<Answer>(call: Call<Answer>): Promise<Answer>;
  close(): void;
}

export function createServerClient({ serverUrl, token }: { serverUrl: string; token: string }): ServerClient {
  const secure = serverUrl.startsWith("https:");
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = secure ? httpsRequest : httpRequest;

  function exchange({ path, body, timeoutMs, signal }: Omit<Call<unknown>, "answer">): Promise<Exchange> {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": bytes.byteLength,
    };
    const options = { method: "POST", agent, headers, timeout: timeoutMs, ...(signal === undefined ? {} : { signal }) };
    return new Promise((resolve, reject) => {
      const request = send(new URL(path, serverUrl), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
      });
      request.on("timeout", () => request.destroy(new Error(`No answer from ${path} within ${timeoutMs} ms`)));
      request.on("error", reject);
      request.end(bytes);
    });
  }

  return {
    post: async ({ answer, ...call }) => {
      const { status, text } = await exchange(call);
      if (status !== 200) throw new ServerRefusal(status, `${call.path} answered ${status}: ${text.slice(0, 500)}`);
      return answer.parse(JSON.parse(text));
    },
    close: () => agent.destroy(),
  };
}

interface Exchange {
  readonly status: number;
  readonly text: string;
}
