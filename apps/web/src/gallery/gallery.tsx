"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { PageHead } from "../shell/page-head.tsx";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { TextField } from "../ui/text-field.tsx";
import { toast } from "../ui/toast.tsx";
import { FileDrop } from "./file-drop.tsx";
import { MyWorkflows } from "./my-workflows.tsx";
import { Templates } from "./templates.tsx";

/** Everything a visit starts from: templates, one's own workflows, or a file dropped anywhere. */
export function Gallery() {
  const [query, setQuery] = useState("");
  const deferredQuery = useDeferredValue(query);
  const create = useOpenNew();
  const trpc = useTrpc();
  const mine = useQuery(trpc.workflow.list.queryOptions({ limit: 1 }));
  const hasNone = mine.data?.items.length === 0;
  const drop = <FileDrop onOpen={create.open} />;
  return (
    <>
      <PageHead>
        <div className="relative hidden w-72 md:block">
          <Icon of={Search} className="pointer-events-none absolute top-2 left-2 text-ink-2" />
          <TextField
            type="search"
            aria-label="Search workflows"
            className="pl-8!"
            placeholder="Search workflows"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
        <Button
          variant="primary"
          disabled={create.busy}
          onClick={() => create.open({ kind: "empty" })}
        >
          <Icon of={Plus} />
          <span>
            New<span className="max-md:sr-only"> workflow</span>
          </span>
        </Button>
      </PageHead>
      <main className="mx-auto max-w-[1600px] px-4 py-6 md:px-8">
        <Templates query={deferredQuery} onOpen={create.open} opening={create.opening}>
          {hasNone ? drop : null}
        </Templates>
        {!hasNone && <MyWorkflows query={deferredQuery}>{drop}</MyWorkflows>}
      </main>
    </>
  );
}

export type Start =
  | { readonly kind: "empty" }
  | { readonly kind: "template"; readonly slug: string }
  | { readonly kind: "document"; readonly document: unknown };

function useOpenNew() {
  const trpc = useTrpc();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [opening, setOpening] = useState<string | null>(null);
  const create = useMutation(trpc.workflow.create.mutationOptions());
  const open = (start: Start) => {
    setOpening(start.kind === "template" ? start.slug : start.kind);
    create.mutate(toInput(start), {
      onSuccess: ({ id }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.workflow.list.queryKey() });
        router.push(`/workflows/${id}`);
      },
      onError: (error) => {
        setOpening(null);
        toast({ title: "This could not be opened", description: error.message });
      },
    });
  };
  return { open, opening, busy: create.isPending };
}

function toInput(start: Start) {
  if (start.kind === "template") return { template: start.slug };
  return start.kind === "document" ? { document: start.document } : {};
}
