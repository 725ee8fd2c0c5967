import { freePort, HeddleProcess, temporaryFolder } from "./heddle-process.ts";

/** Starts Heddle for all journeys, on a free port and an empty data folder; `HEDDLE_E2E_URL` names one that runs already. */
export default async function startServer(): Promise<(() => Promise<void>) | void> {
  if (process.env["HEDDLE_E2E_URL"] !== undefined) return;
  const data = temporaryFolder("heddle-journeys-");
  const heddle = new HeddleProcess({ dataFolder: data.path, port: await freePort() });
  try {
    await heddle.untilHealthy(300_000);
  } catch (error) {
    await heddle.stop();
    data.dispose();
    throw error;
  }
  process.env["HEDDLE_E2E_URL"] = heddle.url;
  return async () => {
    await heddle.stop();
    data.dispose();
  };
}
