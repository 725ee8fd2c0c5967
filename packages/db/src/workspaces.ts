import type { Database } from "./database.ts";

/** The workspace of whoever owns this machine; made at the first start. */
export const localWorkspaceId = "ws_local";

export interface WorkspaceView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** Makes the owner's workspace where there is none yet; any number of processes may call it at once. */
export async function ensureLocalWorkspace(database: Database): Promise<WorkspaceView> {
  const workspace = { id: localWorkspaceId, slug: "local", name: "Local" };
  await database.prisma.workspace.createMany({ data: [workspace], skipDuplicates: true });
  return workspace;
}

export async function getWorkspaceBySlug(
  database: Database,
  slug: string,
): Promise<WorkspaceView | null> {
  return database.prisma.workspace.findUnique({
    where: { slug },
    select: { id: true, slug: true, name: true },
  });
}

export async function getWorkspace(database: Database, id: string): Promise<WorkspaceView | null> {
  return database.prisma.workspace.findUnique({
    where: { id },
    select: { id: true, slug: true, name: true },
  });
}
