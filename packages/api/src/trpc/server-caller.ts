import { authenticate } from "../access/authenticate.ts";
import type { Api } from "../api.ts";
import { requestIdOf } from "../http/request-id.ts";
import { appRouter } from "./router.ts";

/** Calls procedures from the server itself, as whoever sent these headers. */
export async function createServerCaller(api: Api, headers: Headers) {
  const caller = await authenticate(api, headers);
  return appRouter.createCaller({ api, caller, requestId: requestIdOf(headers) });
}
