import { request as httpRequest, Agent as HttpAgent } from "node:http";
import { request as httpsRequest, Agent as HttpsAgent } from "node:https";
import { currentTraceparent } from "@heddle/infra";
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
export class ServerClient {
  readonly #serverUrl: string;
  readonly #token: string;
  readonly #agent: HttpAgent;
  readonly #request: typeof httpRequest;

  constructor({ serverUrl, token }: { readonly serverUrl: string; readonly token: string }) {
    const secure = serverUrl.startsWith("https:");
    this.#serverUrl = serverUrl;
    this.#token = token;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    this.#request = secure ? httpsRequest : httpRequest;
  }

  /** Throws `ServerRefusal` for an answer that is not a success, and other errors when there is no answer. */
  async post<Answer>({ answer, ...call }: Call<Answer>): Promise<Answer> {
    const { status, text } = await this.#exchange(call);
    if (status === 200) return answer.parse(JSON.parse(text));
    throw new ServerRefusal(status, `${call.path} answered ${status}: ${text.slice(0, 500)}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange({ path, body, timeoutMs, signal }: Omit<Call<unknown>, "answer">): Promise<Exchange> {
    const bytes = Buffer.from(JSON.stringify(body));
    const traceparent = currentTraceparent();
    const headers = {
      ...(traceparent !== undefined && { traceparent }),
      authorization: `Bearer ${this.#token}`,
      "content-type": "application/json",
      "content-length": bytes.byteLength,
    };
    const abort = signal === undefined ? {} : { signal };
    const options = { method: "POST", agent: this.#agent, headers, timeout: timeoutMs, ...abort };
    return new Promise((resolve, reject) => {
      const request = this.#request(new URL(path, this.#serverUrl), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      request.on("timeout", () =>
        request.destroy(new Error(`No answer from ${path} within ${timeoutMs} ms`)),
      );
      request.on("error", reject);
      request.end(bytes);
    });
  }
}

interface Exchange {
  readonly status: number;
  readonly text: string;
}
