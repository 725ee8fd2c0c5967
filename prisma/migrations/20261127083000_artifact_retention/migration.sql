-- What a sweep of the blob store needs to know: when a file was needed last, what is about to go, and what went.
ALTER TABLE artifact
  ADD COLUMN used_at timestamptz(6) NOT NULL DEFAULT now(),
  ADD COLUMN condemned_at timestamptz(6),
  ADD COLUMN pinned boolean NOT NULL DEFAULT false;

CREATE INDEX artifact_sha256_idx ON artifact (sha256);
CREATE INDEX artifact_used_at_idx ON artifact (used_at) WHERE condemned_at IS NULL AND NOT pinned;
CREATE INDEX artifact_condemned_at_idx ON artifact (condemned_at) WHERE condemned_at IS NOT NULL;

CREATE TABLE swept_blob (
  sha256 text PRIMARY KEY,
  swept_at timestamptz(6)
);

CREATE INDEX swept_blob_swept_at_idx ON swept_blob (swept_at);
