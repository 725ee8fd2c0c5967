-- Files that are announced first and sent later, to a signed link.
CREATE TABLE upload (
  id text PRIMARY KEY,
  workspace_id text NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  file_name text NOT NULL,
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text,
  created_at timestamptz(6) NOT NULL DEFAULT now()
);

CREATE INDEX upload_workspace_id_created_at_idx ON upload (workspace_id, created_at);
