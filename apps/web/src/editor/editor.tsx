"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import Link from "next/link";
import { useEffect, useEffectEvent, useState } from "react";
import { useArtifactLinks } from "../form/artifact-links.ts";
import { isApiError, useTrpc, useTrpcClient } from "../trpc.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { EditorFrame } from "./editor-frame.tsx";
import { EditorSkeleton } from "./editor-skeleton.tsx";
import { SessionProvider } from "./session-context.tsx";
import { createDraftStorage } from "./state/draft-storage.ts";
import { createSession, type EditorSession } from "./state/session.ts";

/** Opens a workflow: what the server has, with what this browser kept of it. */
export function Editor({ workflowId }: { readonly workflowId: string }) {
  const { session, error, retry } = useEditorSession(workflowId);
  if (session !== null) {
    return (
      <SessionProvider value={session}>
        <ReactFlowProvider>
          <EditorFrame />
        </ReactFlowProvider>
      </SessionProvider>
    );
  }
  if (error === null) return <EditorSkeleton />;
  return (
    <main className="grid h-dvh place-items-center p-8">
      <div className="max-w-md text-center">
        <h1 className="text-15 font-semibold">This workflow cannot be opened</h1>
        <p className="mt-2 mb-4 text-ink-2">{error}</p>
        <div className="flex justify-center gap-2">
          <Link href="/" className={buttonClass("line")}>
            All workflows
          </Link>
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        </div>
      </div>
    </main>
  );
}

function useEditorSession(workflowId: string) {
  const trpc = useTrpc();
  const client = useTrpcClient();
  const queries = useQueryClient();
  const [session, setSession] = useState<EditorSession | null>(null);
  const remember = useArtifactLinks((state) => state.remember);
  const opening = useQuery({
    ...trpc.workflow.get.queryOptions({ id: workflowId }),
    // The session owns the document from here on; a refetch must not bring back an old one.
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const fresh = opening.isFetchedAfterMount ? opening.data : undefined;
  const ready = fresh?.id;
  const open = useEffectEvent(async (signal: AbortSignal): Promise<EditorSession | null> => {
    if (fresh === undefined) return null;
    for (const [sha256, url] of Object.entries(fresh.files)) remember(sha256, url);
    const storage = createDraftStorage();
    const draft = await storage.read(fresh.id).catch(() => null);
    if (signal.aborted) return null;
    const onRunEnd = () => void queries.invalidateQueries({ queryKey: trpc.run.list.queryKey() });
    const made = createSession({ client, workflow: fresh, draft, storage, onRunEnd });
    signal.addEventListener("abort", made.start());
    return made;
  });
  // Opened once for each workflow: what the query brings later belongs to the same session.
  useEffect(() => {
    if (ready === undefined) return;
    const gone = new AbortController();
    void open(gone.signal).then((made) => made !== null && setSession(made));
    return () => gone.abort();
  }, [ready]);
  const error =
    opening.error === null
      ? null
      : isApiError(opening.error)
        ? opening.error.message
        : "The server does not answer.";
  return {
    session: session?.workflow.id === workflowId ? session : null,
    error,
    retry: () => void opening.refetch(),
  };
}
