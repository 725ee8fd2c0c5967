import { z } from "zod";
import type { S3Credentials } from "./s3-bucket.ts";

/** What an app's environment says of the blob store; the credentials have the names that every S3 program reads. */
export const blobEnvShape = {
  BLOB_URL: z
    .string()
    .regex(/^(file:|s3:)/, "must be file:/absolute/folder or s3://bucket?endpoint=…&region=…"),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
};

type BlobEnv = Omit<z.infer<z.ZodObject<typeof blobEnvShape>>, "BLOB_URL">;

/** Undefined unless key and secret are both there. */
export function s3CredentialsOf(env: BlobEnv): S3Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN };
}
