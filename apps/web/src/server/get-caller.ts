import { headers } from "next/headers";
import { createServerCaller } from "@heddle/api";
import { getApi } from "./get-api.ts";

/** Calls procedures while a page is rendered, as whoever asked for it. */
export async function getCaller() {
  return createServerCaller(await getApi(), await headers());
}
