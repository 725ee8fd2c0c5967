-- What each runner holds, as its last heartbeat said.
ALTER TABLE "runner" ADD COLUMN "resident" JSONB NOT NULL DEFAULT '[]';

-- Attempts of the last minutes, for the shares of a runner's time. They come in the order of their start, so that this
-- costs next to nothing to keep.
CREATE INDEX "step_attempt_started" ON "step_attempt" USING brin ("started_at");
