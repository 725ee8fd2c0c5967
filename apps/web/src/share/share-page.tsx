"use client";
import type { OutputItem, SharedWorkflow } from "@heddle/api";
import type { Json } from "@heddle/core";
import { useMutation } from "@tanstack/react-query";
import { Code, GitFork, Link2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useArtifactLinks } from "../form/artifact-links.ts";
import { Makes } from "../gallery/makes.tsx";
import { useTrpc } from "../trpc.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Mark } from "../ui/mark.tsx";
import { ThemeToggle } from "../ui/theme-toggle.tsx";
import { toast } from "../ui/toast.tsx";
import { dollars, seconds } from "../words/amounts.ts";
import { CallIt } from "./call-it.tsx";
import { GraphPicture } from "./graph-picture.tsx";
import { outputItemsByName } from "../results/output-items.ts";
import { ResultView } from "./result-view.tsx";
import { ShareForm } from "./share-form.tsx";
import { type ShareRunState, useShareRun } from "./use-share-run.ts";

export interface SharePageProps {
  readonly shared: SharedWorkflow & { readonly canRun: boolean };
  /** Origin of this server as others reach it. */
  readonly origin: string;
}

/** A published workflow for whoever has its link: what it makes, a form, how it is made, how to call it. */
export function SharePage({ shared, origin }: SharePageProps) {
  const rememberLink = useArtifactLinks((state) => state.remember);
  useEffect(() => {
    for (const [sha256, url] of Object.entries(shared.files)) rememberLink(sha256, url);
  }, [shared.files, rememberLink]);
  const [values, setValues] = useState(() => defaultsOf(shared));
  const { state, start } = useShareRun(
    `/api/v1/workflows/${shared.ownerSlug}/${shared.slug}@${shared.version}/runs`,
  );
  const example = shared.examples[0];
  const shown =
    resultOf(state) ?? (example === undefined ? null : outputItemsByName(example.outputs));
  return (
    <>
      <ShareHead shared={shared} />
      <main className="mx-auto max-w-[1376px] pb-10 md:px-8 md:pt-6">
        <div className="grid gap-x-12 gap-y-4 md:grid-cols-[minmax(0,1fr)_400px]">
          <ResultView outputs={shared.outputs} result={shown} running={state.kind === "running"} />
          <div className="max-md:px-4">
            <Title shared={shared} />
            {state.kind === "refused" && (
              <p role="alert" className="mb-4 rounded-ui bg-danger-soft p-3 text-danger">
                {state.message}
              </p>
            )}
            <ShareForm
              inputs={shared.inputs}
              values={values}
              onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
              problems={state.kind === "refused" ? state.problems : {}}
              busy={state.kind === "running"}
              canRun={shared.canRun}
              onSubmit={() => void start(values)}
              verb={verbFor(shared)}
              hint={hintFor(shared, state)}
            />
          </div>
        </div>
        <div className="mt-10 grid gap-x-12 gap-y-8 border-t border-line pt-8 max-md:px-4 md:grid-cols-[minmax(0,1fr)_400px]">
          <section aria-labelledby="made-title" className="min-w-0">
            <h2 id="made-title" className="mb-2 text-15 font-semibold">
              How it is made
            </h2>
            <GraphPicture document={shared.document} />
          </section>
          <CallIt shared={shared} origin={origin} />
        </div>
      </main>
    </>
  );
}

function Title({ shared }: { readonly shared: SharePageProps["shared"] }) {
  return (
    <>
      <h1 className="text-28 font-semibold tracking-[-0.01em]">{shared.name}</h1>
      {shared.description !== "" && <p className="mt-2 text-15 text-ink-2">{shared.description}</p>}
      <p className="mt-4 mb-6 flex items-center gap-2 text-12 text-ink-2">
        <span className="grid size-5 place-items-center rounded-full bg-ink-1 text-11 font-semibold text-panel uppercase">
          {shared.ownerSlug[0]}
        </span>
        {shared.ownerSlug}
        <span className="text-ink-3">·</span>
        <Makes
          takes={shared.inputs.map(({ field }) => field.type)}
          gives={shared.outputs.map(({ type }) => type)}
        />
      </p>
    </>
  );
}

function ShareHead({ shared }: { readonly shared: SharePageProps["shared"] }) {
  const copyLink = async () => {
    await navigator.clipboard.writeText(window.location.href);
    toast({ title: "Link copied" });
  };
  return (
    <header className="flex h-14 items-center gap-2 border-b border-line bg-panel px-4 md:px-8">
      <Link href="/" className="flex items-center gap-2 rounded-in text-15 font-semibold">
        <Mark />
        <span className="max-md:sr-only">Heddle</span>
      </Link>
      <p className="flex min-w-0 items-center gap-2">
        <span className="text-ink-3 max-md:hidden">/</span>
        <span className="text-ink-2 max-md:hidden">{shared.ownerSlug}</span>
        <span className="text-ink-3">/</span>
        <span className="truncate font-medium">{shared.slug}</span>
        <span className="flex-none text-12 text-ink-2">version {shared.version}</span>
      </p>
      <div className="ml-auto flex items-center gap-1">
        <Button onClick={() => void copyLink()} className="max-md:hidden">
          <Icon of={Link2} />
          Copy link
        </Button>
        <a href="#call-it" className={`${buttonClass()} max-md:hidden`}>
          <Icon of={Code} />
          API
        </a>
        <ThemeToggle />
        {shared.canRun && <Remix shared={shared} />}
      </div>
    </header>
  );
}

/** Opens a copy in the editor of whoever looks at it. */
function Remix({ shared }: { readonly shared: SharePageProps["shared"] }) {
  const trpc = useTrpc();
  const router = useRouter();
  const create = useMutation(
    trpc.workflow.create.mutationOptions({
      onSuccess: ({ id }) => router.push(`/workflows/${id}`),
      onError: (error) => toast({ title: "The copy was not made", description: error.message }),
    }),
  );
  return (
    <Button
      variant="line"
      disabled={create.isPending}
      onClick={() =>
        create.mutate({
          document: { ...shared.document, name: `${shared.name} remix`.slice(0, 120) },
        })
      }
    >
      <Icon of={GitFork} />
      Remix
    </Button>
  );
}

function defaultsOf(shared: SharedWorkflow): Record<string, Json> {
  return Object.fromEntries(
    shared.inputs.flatMap((input) =>
      input.default === undefined ? [] : [[input.name, input.default]],
    ),
  );
}

function resultOf(state: ShareRunState): Readonly<Record<string, readonly OutputItem[]>> | null {
  if (state.kind !== "running" && state.kind !== "done") return null;
  const outputs = state.result?.outputs ?? {};
  return Object.keys(outputs).length === 0 ? null : outputs;
}

/** The button says what comes out. */
function verbFor(shared: SharedWorkflow): string {
  const media = shared.outputs[0]?.type.media;
  if (media === "image")
    return shared.outputs[0]?.type.list === true ? "Make the pictures" : "Make the picture";
  if (media === "video") return "Make the film";
  if (media === "text") return "Write the text";
  return "Make it";
}

function hintFor(shared: SharePageProps["shared"], state: ShareRunState): string {
  if (!shared.canRun)
    return "Only the owner of this server can run it here. Call it with an API key instead.";
  if (state.kind === "done" && state.result.error !== null) return state.result.error.message;
  if (state.kind === "done") return "Done";
  if (state.kind === "running") {
    const own = state.result?.steps.filter(({ item }) => item === null) ?? [];
    const done = own.filter(({ status }) => status === "SUCCEEDED").length;
    return own.length === 0
      ? "Starting"
      : `Step ${Math.min(done + 1, own.length)} of ${own.length}`;
  }
  return `about ${seconds(shared.estimate.deviceMs)}, ${dollars(shared.estimate.costUsd)}`;
}
