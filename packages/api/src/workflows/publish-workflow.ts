import { AppError, compile, type Document } from "@heddle/core";
import { getWorkflow, getWorkspace, publishVersion, type PublishedVersion } from "@heddle/db";
import type { Api } from "../api.ts";
import { checkDocumentFiles } from "../inputs/document-files.ts";
import { slugify } from "./slugify.ts";

export interface PublishOptions {
  readonly workspaceId: string;
  readonly workflowId: string;
  /** What changed, for people. */
  readonly note: string;
}

export interface PublishedWorkflow extends PublishedVersion {
  /** `/w/{ownerSlug}/{slug}` */
  readonly ownerSlug: string;
  readonly slug: string;
}

/** Other workflows of the workspace may have the name already: `-2`, `-3`, … are tried. */
const slugAttempts = 50;

/**
 * Freezes the saved document as the next numbered version, which links and endpoints point to. The first version fixes the
 * name in links: later renames do not break them.
 * Throws AppError `invalid` with every problem when the document does not compile, `not_found`.
 */
export async function publishWorkflow(
  api: Api,
  options: PublishOptions,
): Promise<PublishedWorkflow> {
  const { workspaceId, workflowId, note } = options;
  const workflow = await getWorkflow(api.database, { workspaceId, id: workflowId });
  if (workflow === null) throw new AppError("not_found", "There is no such workflow");
  const document = await checkPublishable(api, workspaceId, workflow.document);
  const ownerSlug = (await getWorkspace(api.database, workspaceId))?.slug ?? "";
  const wanted = workflow.slug ?? slugify(workflow.name);
  for (let attempt = 1; ; attempt += 1) {
    const slug = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      const version = await publishVersion(api.database, {
        workspaceId,
        workflowId,
        note,
        document,
        slug,
      });
      return { ...version, ownerSlug, slug };
    } catch (error) {
      if (!AppError.is(error) || error.code !== "conflict" || attempt === slugAttempts) throw error;
    }
  }
}

async function checkPublishable(
  api: Api,
  workspaceId: string,
  document: Document,
): Promise<Document> {
  const files = await checkDocumentFiles(api, {
    document,
    owner: workspaceId,
    runner: workspaceId,
    except: new Set(),
  });
  const compiled = compile(files.document, api.catalog, {
    requireInputs: false,
    limits: api.limits,
    randomSeed: () => api.randomSeed(),
  });
  const problems = [...files.problems, ...(compiled.ok ? [] : compiled.problems)];
  const [first] = problems;
  if (first === undefined) return files.document;
  throw new AppError("invalid", `This workflow cannot be published yet: ${first.message}`, {
    problems,
  });
}
