"use client";
import type { SharedWorkflow } from "@heddle/api";
import Link from "next/link";
import { useState } from "react";
import { CopyText } from "../settings/copy-text.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { callSnippet, type SnippetLanguage } from "./call-snippet.ts";

const languages = [
  { value: "curl", label: "curl" },
  { value: "typescript", label: "TypeScript" },
  { value: "python", label: "Python" },
] as const satisfies readonly { value: SnippetLanguage; label: string }[];

/** How a program calls this workflow, ready to paste. */
export function CallIt({
  shared,
  origin,
}: {
  readonly shared: SharedWorkflow;
  readonly origin: string;
}) {
  const [language, setLanguage] = useState<SnippetLanguage>("curl");
  const snippet = callSnippet(language, {
    origin,
    path: `${shared.ownerSlug}/${shared.slug}@${shared.version}`,
    inputs: shared.inputs,
  });
  return (
    <section id="call-it" aria-labelledby="call-title" className="min-w-0 scroll-mt-20">
      <div className="mb-2 flex items-center gap-2">
        <h2 id="call-title" className="flex-1 text-15 font-semibold">
          Call it
        </h2>
        <Segmented
          label="Language"
          size="small"
          value={language}
          options={languages}
          onChange={setLanguage}
        />
      </div>
      <div className="[&_code]:whitespace-pre-wrap">
        <CopyText text={snippet} label={`${language} snippet`} />
      </div>
      <p className="mt-2 text-12 text-ink-2">
        Put an API key into <code className="font-mono">HEDDLE_KEY</code>.{" "}
        <Link href="/settings" className="text-accent-line underline">
          Make a key
        </Link>
        {" · "}
        <a
          href={`/api/v1/workflows/${shared.ownerSlug}/${shared.slug}@${shared.version}/openapi.json`}
          className="text-accent-line underline"
        >
          OpenAPI
        </a>
      </p>
    </section>
  );
}
