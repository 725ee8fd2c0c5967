-- What a runner on another machine shows; without a workspace it is good for the whole cluster.
CREATE TABLE "runner_token" (
  "id" TEXT NOT NULL,
  "workspace_id" TEXT,
  "name" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "last_four" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(6),
  "revoked_at" TIMESTAMPTZ(6),
  CONSTRAINT "runner_token_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "runner_token_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "runner_token_sha256_key" ON "runner_token"("sha256");
CREATE INDEX "runner_token_workspace_id_created_at_idx" ON "runner_token"("workspace_id", "created_at");

-- Null: the server's own secret, and the whole cluster.
ALTER TABLE "runner" ADD COLUMN "token_id" TEXT, ADD COLUMN "workspace_id" TEXT;
CREATE INDEX "runner_token_id_idx" ON "runner"("token_id");
