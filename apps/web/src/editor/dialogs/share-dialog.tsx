"use client";
import { catalog } from "@heddle/catalog";
import { describeInterface } from "@heddle/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { CopyText } from "../../settings/copy-text.tsx";
import { useTrpc } from "../../trpc.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useDocument, useSession, useUi } from "../session-context.tsx";
import { messageOf, publish } from "../state/actions.ts";

/** Publishes a version and gives its link. */
export function ShareDialog() {
  const session = useSession();
  const open = useUi((state) => state.share);
  return (
    <Dialog
      open={open}
      onOpenChange={(share) => session.ui.setState({ share })}
      title="Share"
      description="A published version never changes. Anybody with the link sees a form and the picture; programs call it with a key."
    >
      {open && <ShareBody />}
    </Dialog>
  );
}

function ShareBody() {
  const session = useSession();
  const trpc = useTrpc();
  const queries = useQueryClient();
  const document = useDocument();
  const { data } = useQuery(trpc.workflow.get.queryOptions({ id: session.workflow.id }));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { slug, ownerSlug, latestVersion } = data ?? session.workflow;
  const link = slug === null ? null : `${window.location.origin}/w/${ownerSlug}/${slug}`;
  const { outputs } = describeInterface(document, catalog);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await publish(session);
      await queries.invalidateQueries({
        queryKey: trpc.workflow.get.queryKey({ id: session.workflow.id }),
      });
    } catch (caught) {
      setError(messageOf(caught));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      {link !== null && latestVersion !== null && (
        <div>
          <p className="mb-2 text-12 text-ink-2">Version {latestVersion} is live</p>
          <CopyText text={link} label="link" />
        </div>
      )}
      {outputs.length === 0 && (
        <p className="text-12 text-ink-2">
          Name at least one output first: an output node says what the link and the API give back.
        </p>
      )}
      {error !== null && (
        <p role="alert" className="rounded-ui bg-danger-soft p-3 text-12 text-danger">
          {error}
        </p>
      )}
      <div className="flex gap-2">
        <Button variant="primary" disabled={busy || outputs.length === 0} onClick={() => void go()}>
          {busy
            ? "Publishing"
            : latestVersion === null
              ? "Publish"
              : `Publish version ${latestVersion + 1}`}
        </Button>
        {slug !== null && (
          <Link href={`/w/${ownerSlug}/${slug}`} className={buttonClass("line")}>
            Open the page
          </Link>
        )}
      </div>
    </div>
  );
}
