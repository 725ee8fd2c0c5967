-- What the own runners of workspaces have stored through the server lately: their results may name nothing else.
CREATE TABLE "runner_file" (
  "token_id" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "stored_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "runner_file_pkey" PRIMARY KEY ("token_id", "sha256")
);
CREATE INDEX "runner_file_stored_at_idx" ON "runner_file"("stored_at");
