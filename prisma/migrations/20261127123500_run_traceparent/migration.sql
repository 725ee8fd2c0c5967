-- The span that submitted the run, where traces are sent: those of its steps become a part of it.
ALTER TABLE "run" ADD COLUMN "traceparent" TEXT;
