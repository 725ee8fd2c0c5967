/**
 * The name of a workflow in links and endpoints: lower case, a–z, 0–9 and hyphens, at most 60 characters, never empty.
 * Letters with marks lose them; what has no Latin form is left out.
 */
export function slugify(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "workflow" : slug;
}
