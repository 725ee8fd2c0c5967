-- Postgres 15 or newer.

CREATE TYPE "run_status" AS ENUM ('QUEUED', 'RUNNING', 'CANCELING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED');
CREATE TYPE "step_status" AS ENUM ('BLOCKED', 'READY', 'LEASED', 'EXPANDED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED');

CREATE TABLE "workspace" (
  "id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "workspace_slug_key" ON "workspace"("slug");

CREATE TABLE "workflow" (
  "id" TEXT NOT NULL,
  "workspace_id" TEXT NOT NULL,
  "slug" TEXT,
  "name" TEXT NOT NULL,
  "document" JSONB NOT NULL,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "run_number" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "workflow_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "workflow_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "workflow_workspace_id_slug_key" ON "workflow"("workspace_id", "slug");
CREATE INDEX "workflow_workspace_id_updated_at_id_idx" ON "workflow"("workspace_id", "updated_at" DESC, "id" DESC);

CREATE TABLE "workflow_version" (
  "id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "document" JSONB NOT NULL,
  "note" TEXT NOT NULL,
  "published_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "workflow_version_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "workflow_version_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "workflow_version_workflow_id_number_key" ON "workflow_version"("workflow_id", "number");

CREATE TABLE "run" (
  "id" TEXT NOT NULL,
  "workspace_id" TEXT NOT NULL,
  "number" INTEGER,
  "workflow_id" TEXT,
  "version_id" TEXT,
  "status" "run_status" NOT NULL DEFAULT 'QUEUED',
  "plan" JSONB NOT NULL,
  "document" JSONB NOT NULL,
  "input" JSONB NOT NULL,
  "outputs" JSONB NOT NULL DEFAULT '{}',
  "remaining" INTEGER NOT NULL,
  "event_seq" INTEGER NOT NULL DEFAULT 0,
  "cost_usd" DECIMAL(18,8) NOT NULL DEFAULT 0,
  "error" JSONB,
  "cancel_requested_at" TIMESTAMPTZ(6),
  "deadline_at" TIMESTAMPTZ(6) NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(6),
  "finished_at" TIMESTAMPTZ(6),
  CONSTRAINT "run_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "run_remaining_check" CHECK ("remaining" >= 0),
  CONSTRAINT "run_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "run_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT "run_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "workflow_version"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "run_workflow_id_number_key" ON "run"("workflow_id", "number");
CREATE INDEX "run_workspace_id_created_at_id_idx" ON "run"("workspace_id", "created_at" DESC, "id" DESC);
-- What the gallery's thumbnail is taken from.
CREATE INDEX "run_latest_success_idx" ON "run"("workflow_id", "finished_at" DESC) WHERE "status" = 'SUCCEEDED';
-- What the sweeper looks through: the runs that are not over.
CREATE INDEX "run_live_idx" ON "run"("deadline_at") WHERE "status" IN ('QUEUED', 'RUNNING', 'CANCELING');

CREATE TABLE "step" (
  "id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "workspace_id" TEXT NOT NULL,
  "step_id" TEXT NOT NULL,
  "item" INTEGER,
  "parent_id" TEXT,
  "ordinal" INTEGER NOT NULL,
  "node_ids" TEXT[],
  "op" TEXT,
  "spec" JSONB NOT NULL,
  "status" "step_status" NOT NULL DEFAULT 'BLOCKED',
  "deps_remaining" INTEGER NOT NULL,
  "attempt" INTEGER NOT NULL DEFAULT 0,
  "infra_failures" INTEGER NOT NULL DEFAULT 0,
  "epoch" INTEGER NOT NULL DEFAULT 0,
  "lease_owner" TEXT,
  "lease_expires_at" TIMESTAMPTZ(6),
  "available_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "joined" BOOLEAN NOT NULL DEFAULT false,
  "cache_key" TEXT,
  "params" JSONB,
  "inputs" JSONB,
  "outputs" JSONB,
  "error" JSONB,
  "cached" BOOLEAN NOT NULL DEFAULT false,
  "from_run_id" TEXT,
  "ready_at" TIMESTAMPTZ(6),
  "started_at" TIMESTAMPTZ(6),
  "finished_at" TIMESTAMPTZ(6),
  "load_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "device_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "cost_usd" DECIMAL(18,8) NOT NULL DEFAULT 0,
  CONSTRAINT "step_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "step_deps_remaining_check" CHECK ("deps_remaining" >= 0),
  CONSTRAINT "step_lease_check" CHECK (("status" = 'LEASED') = ("lease_owner" IS NOT NULL)),
  CONSTRAINT "step_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "step_run_id_step_id_item_key" ON "step"("run_id", "step_id", "item") NULLS NOT DISTINCT;
CREATE INDEX "step_parent_id_idx" ON "step"("parent_id");
-- The dispatcher's queue, oldest first.
CREATE INDEX "step_ready_idx" ON "step"("available_at", "ordinal", "item") WHERE "status" = 'READY' AND NOT "joined";
-- Steps of runs whose doorbell was not answered yet: everything else that waits for nothing is READY or further.
CREATE INDEX "step_untouched_idx" ON "step"("run_id") WHERE "status" = 'BLOCKED' AND "deps_remaining" = 0;
CREATE INDEX "step_joined_idx" ON "step"("workspace_id", "cache_key") WHERE "status" = 'READY' AND "joined";
CREATE INDEX "step_lease_idx" ON "step"("lease_expires_at") WHERE "status" = 'LEASED';

CREATE TABLE "step_edge" (
  "run_id" TEXT NOT NULL,
  "from_id" TEXT NOT NULL,
  "to_id" TEXT NOT NULL,
  CONSTRAINT "step_edge_pkey" PRIMARY KEY ("from_id", "to_id"),
  CONSTRAINT "step_edge_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "step_edge_to_id_idx" ON "step_edge"("to_id");
CREATE INDEX "step_edge_run_id_idx" ON "step_edge"("run_id");

CREATE TABLE "step_attempt" (
  "step_id" TEXT NOT NULL,
  "epoch" INTEGER NOT NULL,
  "runner_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(6),
  "outcome" TEXT,
  "error" JSONB,
  CONSTRAINT "step_attempt_pkey" PRIMARY KEY ("step_id", "epoch"),
  CONSTRAINT "step_attempt_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "step"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
-- A step commits once, whoever answers late.
CREATE UNIQUE INDEX "step_attempt_one_success" ON "step_attempt"("step_id") WHERE "outcome" = 'SUCCEEDED';

CREATE TABLE "artifact" (
  "workspace_id" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "content_type" TEXT NOT NULL,
  "size_bytes" BIGINT NOT NULL,
  "width" INTEGER,
  "height" INTEGER,
  "duration_ms" DOUBLE PRECISION,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "artifact_pkey" PRIMARY KEY ("workspace_id", "sha256")
);

CREATE TABLE "cache_entry" (
  "workspace_id" TEXT NOT NULL,
  "cache_key" TEXT NOT NULL,
  "outputs" JSONB NOT NULL,
  "run_id" TEXT NOT NULL,
  "step_id" TEXT NOT NULL,
  "device_ms" DOUBLE PRECISION NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "cache_entry_pkey" PRIMARY KEY ("workspace_id", "cache_key")
);

CREATE TABLE "inflight" (
  "workspace_id" TEXT NOT NULL,
  "cache_key" TEXT NOT NULL,
  "step_id" TEXT NOT NULL,
  CONSTRAINT "inflight_pkey" PRIMARY KEY ("workspace_id", "cache_key")
);

CREATE TABLE "usage_event" (
  "step_id" TEXT NOT NULL,
  "meter" TEXT NOT NULL,
  "workspace_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "quantity" DOUBLE PRECISION NOT NULL,
  "unit_price_usd" DECIMAL(18,8) NOT NULL,
  "cost_usd" DECIMAL(18,8) NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "usage_event_pkey" PRIMARY KEY ("step_id", "meter")
);
CREATE INDEX "usage_event_workspace_id_created_at_idx" ON "usage_event"("workspace_id", "created_at");

CREATE TABLE "run_event" (
  "run_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "body" JSONB NOT NULL,
  CONSTRAINT "run_event_pkey" PRIMARY KEY ("run_id", "seq"),
  CONSTRAINT "run_event_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "idempotency_key" (
  "workspace_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "body_hash" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("workspace_id", "key")
);

CREATE TABLE "api_key" (
  "id" TEXT NOT NULL,
  "workspace_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "last_four" TEXT NOT NULL,
  "scopes" TEXT[],
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(6),
  "revoked_at" TIMESTAMPTZ(6),
  CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "api_key_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "api_key_sha256_key" ON "api_key"("sha256");
CREATE INDEX "api_key_workspace_id_created_at_idx" ON "api_key"("workspace_id", "created_at");

CREATE TABLE "runner" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "device" JSONB NOT NULL,
  "ops" TEXT[],
  "slots" INTEGER NOT NULL,
  "registered_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "replaced_at" TIMESTAMPTZ(6),
  CONSTRAINT "runner_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "runner_name_idx" ON "runner"("name");
