/**
 * Whether the workspace still holds every file of the cache entry `c`. In SQL, for the end of a WHERE; a path without
 * filters, since those are slow on large outputs.
 */
export const isWhole = `NOT EXISTS (
  SELECT FROM jsonb_path_query(c.outputs, '$.**.artifact.sha256') AS named(sha256)
  WHERE NOT EXISTS (
    SELECT FROM artifact a WHERE a.workspace_id = c.workspace_id AND a.sha256 = named.sha256 #>> '{}'))`;
