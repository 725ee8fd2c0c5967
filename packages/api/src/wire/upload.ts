import { mediaTypes } from "@heddle/core";
import { z } from "zod";
import { linkedArtifactSchema } from "./value.ts";

/** A file that has come and was checked. */
export const uploadedSchema = z
  .object({
    url: z
      .string()
      .meta({ description: "Use it as the value of a file input; it also gives the bytes" }),
    media: z.enum([...mediaTypes, "archive"]),
    artifact: linkedArtifactSchema,
    pictures: z.array(linkedArtifactSchema).optional().meta({
      description:
        "What was in a ZIP, by name; as the value of a list input the ZIP stands for them",
    }),
  })
  .meta({
    id: "Uploaded",
    description: "A stored file. Pictures are stored as PNG, upright, without metadata",
  });
export type Uploaded = z.infer<typeof uploadedSchema>;

export const announceUploadBody = z
  .strictObject({
    fileName: z.string().min(1).max(255),
    contentType: z.string().min(1).max(127),
    sizeBytes: z.number().int().positive(),
  })
  .meta({ id: "AnnounceUploadBody" });

export const announcedSchema = z
  .object({
    uploadUrl: z
      .string()
      .meta({ description: "PUT the bytes here; needs no key, works for one hour" }),
    url: z
      .string()
      .meta({ description: "Use it as the value of a file input, once the bytes were sent" }),
  })
  .meta({ id: "AnnouncedUpload" });
