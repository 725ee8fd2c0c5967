import { listRuns, type RunSummary, type VersionView } from "@heddle/db";
import type { Api } from "../api.ts";

const maxExamples = 6;

/**
 * What the owner's own runs of this version made, the newest first. Until there is one, the last result from before
 * publishing: what the publisher was looking at. Runs of other people and of later drafts are nobody else's business.
 */
export async function findExamples(api: Api, version: VersionView): Promise<RunSummary[]> {
  const { workspaceId, workflowId } = version;
  const { items } = await listRuns(api.database, { workspaceId, workflowId, limit: 100 });
  const done = items.filter(
    (run) => run.status === "SUCCEEDED" && Object.keys(run.outputs).length > 0,
  );
  const ofVersion = done.filter((run) => run.versionId === version.id);
  const before = done.filter(
    (run) => run.versionId === null && run.createdAt <= version.publishedAt,
  );
  return ofVersion.length > 0 ? ofVersion.slice(0, maxExamples) : before.slice(0, 1);
}
