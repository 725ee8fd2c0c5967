import { handleRest, handleTrpc } from "@heddle/api";
import { getApi } from "./get-api.ts";

/** Route handler of everything that REST answers. */
export async function answerRest(request: Request): Promise<Response> {
  return handleRest(await getApi(), request);
}

/** Route handler of the web interface's procedures. */
export async function answerTrpc(request: Request): Promise<Response> {
  return handleTrpc(await getApi(), request);
}
