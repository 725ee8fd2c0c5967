import {
  artifactRefSchema,
  jsonSchema,
  type ArtifactRef,
  type Document,
  type Json,
  type Problem,
} from "@heddle/core";
import { findArtifact, grantArtifact } from "@heddle/db";
import type { Api } from "../api.ts";

export interface CheckFilesOptions {
  readonly document: Document;
  /** Whose files the document may name. */
  readonly owner: string;
  /** Who runs it; gets to read the files of a document that somebody else published. */
  readonly runner: string;
  /** Nodes whose value the run brings itself. */
  readonly except: ReadonlySet<string>;
}

/**
 * The document with the stored facts of every file that it names in its parameters, so that nobody runs on a file of
 * somebody else, or with a size that is not true. A problem for each file that its owner does not hold.
 */
export async function checkDocumentFiles(
  api: Api,
  options: CheckFilesOptions,
): Promise<{ readonly document: Document; readonly problems: Problem[] }> {
  const wanted = new Set(documentFiles(options.document, options.except));
  const found = new Map<string, ArtifactRef>();
  await Promise.all(
    [...wanted].map(async (sha256) => {
      const artifact = await findArtifact(api.database, { workspaceId: options.owner, sha256 });
      if (artifact === null) return;
      found.set(sha256, artifact);
      if (options.owner !== options.runner) {
        const { owner, runner: workspaceId } = options;
        await grantArtifact(api.database, { owner, workspaceId, sha256 });
      }
    }),
  );
  if (wanted.size === 0) return { document: options.document, problems: [] };
  return replaceFiles(options, found);
}

/** SHA-256 of every file that parameters name. */
export function documentFiles(
  document: Document,
  except: ReadonlySet<string> = new Set(),
): string[] {
  return Object.entries(document.nodes)
    .filter(([nodeId]) => !except.has(nodeId))
    .flatMap(([, node]) => Object.values(node.params))
    .flatMap((json) => (Array.isArray(json) ? json : [json]))
    .flatMap((json) => readRef(json)?.sha256 ?? []);
}

function replaceFiles(
  { document, except }: CheckFilesOptions,
  found: ReadonlyMap<string, ArtifactRef>,
): { document: Document; problems: Problem[] } {
  const problems: Problem[] = [];
  const nodes = Object.entries(document.nodes).map(([nodeId, node]) => {
    if (except.has(nodeId)) return [nodeId, node] as const;
    const params = Object.entries(node.params).map(([name, json]) => {
      const replaceOne = (one: Json): Json => {
        const ref = readRef(one);
        if (ref === null) return one;
        const artifact = found.get(ref.sha256);
        if (artifact !== undefined) return jsonSchema.parse(artifact);
        problems.push(missingFile(nodeId, name, node.title ?? node.type));
        return one;
      };
      return [name, Array.isArray(json) ? json.map(replaceOne) : replaceOne(json)] as const;
    });
    return [nodeId, { ...node, params: Object.fromEntries(params) }] as const;
  });
  return { document: { ...document, nodes: Object.fromEntries(nodes) }, problems };
}

/** Most parameters are no object at all: the schema, which is slow to say no, sees what may be a reference only. */
function readRef(json: Json): ArtifactRef | null {
  if (typeof json !== "object" || json === null || !("sha256" in json)) return null;
  const ref = artifactRefSchema.safeParse(json);
  return ref.success ? ref.data : null;
}

function missingFile(nodeId: string, name: string, title: string): Problem {
  return {
    code: "param_invalid",
    message: `The file in "${name}" of ${title} is not in this workspace; choose it again`,
    nodeId,
    portId: name,
    path: `nodes.${nodeId}.params.${name}`,
  };
}
