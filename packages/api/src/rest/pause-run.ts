import { holdRun } from "../runs/hold-run.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import type { ScopedRoute } from "./route.ts";

export const pauseRunRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs/{id}/pause",
  access: ["run"],
  operation: {
    id: "pauseRun",
    summary: "Pause a run",
    description:
      "Nothing of it starts any more, and its deadline stands still; what runs ends and is kept. A run that is not under way stays as it is.",
    answers: { 200: { description: "The run as it is now", schema: runResultSchema } },
    problems: [404],
  },
  handle: holdHandler("pause"),
};

export const resumeRunRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs/{id}/resume",
  access: ["run"],
  operation: {
    id: "resumeRun",
    summary: "Let a paused run go on",
    description: "It goes on where it was. A run that is not paused stays as it is.",
    answers: { 200: { description: "The run as it is now", schema: runResultSchema } },
    problems: [404],
  },
  handle: holdHandler("resume"),
};

function holdHandler(change: "pause" | "resume"): ScopedRoute["handle"] {
  return async ({ api, params, origin }, { workspaceId }) => {
    const run = await holdRun(api, { workspaceId, runId: params["id"] ?? "" }, change);
    return Response.json(toRunResult(run, { origin, link: linkArtifacts(api, origin) }));
  };
}
