import type { Api } from "../api.ts";
import type { IngestedFile } from "../files/ingest-file.ts";
import { linkArtifacts } from "./link-artifact.ts";
import type { Uploaded } from "./upload.ts";

/** A file that has come, as its sender is told. */
export function toUploaded(api: Api, origin: string, file: IngestedFile): Uploaded {
  const link = linkArtifacts(api, origin);
  const linked = (artifact: IngestedFile["artifact"]) => ({ ...artifact, url: link(artifact) });
  const artifact = linked(file.artifact);
  return {
    url: artifact.url,
    media: file.media,
    artifact,
    ...(file.media === "archive" && { pictures: file.pictures.map(linked) }),
  };
}
