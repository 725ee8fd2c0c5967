-- Higher goes first, within its workspace.
ALTER TABLE "run" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 0;

-- Who gives out the steps of a pool of runners. Whoever holds the advisory lock is the one, and writes here where it is found.
CREATE TABLE "dispatcher" (
  "pool" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "since" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  CONSTRAINT "dispatcher_pkey" PRIMARY KEY ("pool")
);

-- Runs that have not ended, for the quota of a workspace.
CREATE INDEX "run_open_idx" ON "run"("workspace_id") WHERE "status" IN ('QUEUED', 'RUNNING', 'PAUSED', 'CANCELING');

-- What waits for a runner or is on one, by its run.
CREATE INDEX "step_dispatched_idx" ON "step"("run_id") WHERE "status" IN ('READY', 'LEASED') AND NOT "joined" AND "op" IS NOT NULL;
