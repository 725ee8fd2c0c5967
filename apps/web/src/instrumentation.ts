/** Next calls this once when the server starts: the first request should not have to wait for the set-up. */
export async function register(): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- Next's own variable; it tells which runtime this bundle is for.
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { checkSettings } = await import("./server/check-settings.ts");
  checkSettings();
  const { getApi } = await import("./server/get-api.ts");
  await getApi();
}
