"use client";
import { catalog } from "@heddle/catalog";
import { describeInterface } from "@heddle/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { CopyText } from "../../settings/copy-text.tsx";
import { callSnippet, type SnippetLanguage } from "../../share/call-snippet.ts";
import { useTrpc } from "../../trpc.tsx";
import { Button } from "../../ui/button.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { useDocument, useSession } from "../session-context.tsx";
import { Section } from "./section.tsx";

const languages = [
  { value: "curl", label: "curl" },
  { value: "typescript", label: "TypeScript" },
  { value: "python", label: "Python" },
] as const satisfies readonly { value: SnippetLanguage; label: string }[];

/** How a program calls this workflow, with its real names; before it is published, how to publish it. */
export function ApiTab() {
  const session = useSession();
  const trpc = useTrpc();
  const document = useDocument();
  const [language, setLanguage] = useState<SnippetLanguage>("curl");
  const { data } = useQuery(trpc.workflow.get.queryOptions({ id: session.workflow.id }));
  const { slug, ownerSlug, latestVersion } = data ?? session.workflow;
  if (slug === null || latestVersion === null) {
    return (
      <Section>
        <h2 className="text-15 font-semibold">Not published yet</h2>
        <p className="mt-1 mb-3 text-ink-2">
          Publishing makes a version that never changes. It gets a link that anybody can open and an
          endpoint that programs can call.
        </p>
        <Button variant="primary" onClick={() => session.ui.setState({ share: true })}>
          Publish
        </Button>
      </Section>
    );
  }
  const { inputs } = describeInterface(document, catalog);
  const path = `${ownerSlug}/${slug}@${latestVersion}`;
  const snippet = callSnippet(language, { origin: window.location.origin, path, inputs });
  return (
    <Section>
      <p className="mb-3 text-ink-2">
        Version {latestVersion} as{" "}
        <Link href={`/w/${ownerSlug}/${slug}`} className="text-accent-line hover:underline">
          {ownerSlug}/{slug}
        </Link>
      </p>
      <div className="mb-3">
        <Segmented label="Language" value={language} options={languages} onChange={setLanguage} />
      </div>
      <div className="[&_code]:break-normal [&_code]:[overflow-wrap:anywhere] [&_code]:whitespace-pre-wrap [&>div]:items-start">
        <CopyText text={snippet} label={`${language} snippet`} />
      </div>
      <p className="mt-3 text-12 text-ink-2">
        Put an API key into <code className="font-mono">HEDDLE_KEY</code>.{" "}
        <Link href="/settings" className="text-accent-line underline">
          Make a key
        </Link>{" "}
        ·{" "}
        <a href={`/api/v1/workflows/${path}/openapi.json`} className="text-accent-line underline">
          OpenAPI
        </a>
      </p>
    </Section>
  );
}
