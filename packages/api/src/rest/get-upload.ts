import { AppError } from "@heddle/core";
import { findArtifact, getUpload } from "@heddle/db";
import { z } from "zod";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { linkedArtifactSchema } from "../wire/value.ts";
import type { ScopedRoute } from "./route.ts";

export const getUploadRoute: ScopedRoute = {
  method: "GET",
  path: "/api/v1/uploads/{id}",
  access: ["read", "run"],
  operation: {
    id: "getUpload",
    summary: "Whether an announced file has come",
    answers: {
      200: {
        description: "The upload; `artifact` is null until its bytes were sent",
        schema: z
          .object({ id: z.string(), artifact: linkedArtifactSchema.nullable() })
          .meta({ id: "Upload" }),
      },
    },
    problems: [404],
  },
  handle: async ({ api, params, origin }, { workspaceId }) => {
    const id = params["id"] ?? "";
    const upload = await getUpload(api.database, { id, workspaceId });
    if (upload === null) throw new AppError("not_found", `There is no upload ${id}`);
    const { sha256 } = upload;
    const artifact =
      sha256 === null ? null : await findArtifact(api.database, { workspaceId, sha256 });
    const link = linkArtifacts(api, origin);
    return Response.json({
      id,
      artifact: artifact === null ? null : { ...artifact, url: link(artifact) },
    });
  },
};
