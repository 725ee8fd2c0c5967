-- Nothing here uses the new values: a transaction that adds one may not.
ALTER TYPE "run_status" ADD VALUE 'PAUSED' BEFORE 'CANCELING';
ALTER TYPE "step_status" ADD VALUE 'WAITING' BEFORE 'SUCCEEDED';

ALTER TABLE "run"
  ADD COLUMN "waiting" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "held_at" TIMESTAMPTZ(6),
  ADD CONSTRAINT "run_waiting_check" CHECK ("waiting" >= 0);
-- The sweeper looks for deadlines only where time passes.
DROP INDEX "run_live_idx";
CREATE INDEX "run_live_idx" ON "run"("deadline_at") WHERE "status" IN ('QUEUED', 'RUNNING', 'CANCELING') AND "held_at" IS NULL;

CREATE TABLE "quarantine" (
  "workspace_id" TEXT NOT NULL,
  "cache_key" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "step_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "quarantine_pkey" PRIMARY KEY ("workspace_id", "cache_key")
);
