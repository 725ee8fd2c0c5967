"use client";
import type { AppRouter } from "@heddle/api";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { Copy, Ellipsis, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTrpc } from "../trpc.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";
import { ago } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";
import { CardGrid, CardPlaceholders } from "./card-grid.tsx";
import { Picture } from "./templates.tsx";
import { WorkflowCard } from "./workflow-card.tsx";

const pageSize = 24;

/** One's own workflows, the last changed first. */
export function MyWorkflows({
  query,
  children,
}: {
  readonly query: string;
  readonly children: ReactNode;
}) {
  const trpc = useTrpc();
  const workflows = useInfiniteQuery(
    trpc.workflow.list.infiniteQueryOptions(
      { limit: pageSize, ...(query === "" ? {} : { query }) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const items = workflows.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="mine-title" className="mt-10">
      <div className="mb-4 flex min-h-8 items-center gap-3">
        <h2 id="mine-title" className="text-15 font-semibold">
          My workflows
        </h2>
        <p className="ml-auto text-12 text-ink-2">Last changed first</p>
      </div>
      <CardGrid>
        {workflows.isPending && <CardPlaceholders count={4} />}
        {items.map((workflow) => (
          <MyWorkflow key={workflow.id} workflow={workflow} />
        ))}
        <li>{children}</li>
      </CardGrid>
      {workflows.isSuccess && items.length === 0 && query !== "" && (
        <p className="mt-4 text-ink-2">No workflow is called “{query}”.</p>
      )}
      {workflows.isError && (
        <p className="text-danger">Your workflows could not be loaded: {workflows.error.message}</p>
      )}
      {workflows.hasNextPage && (
        <Button
          variant="line"
          className="mt-6"
          disabled={workflows.isFetchingNextPage}
          onClick={() => void workflows.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

type WorkflowItem = inferRouterOutputs<AppRouter>["workflow"]["list"]["items"][number];

function MyWorkflow({ workflow }: { readonly workflow: WorkflowItem }) {
  const nowMs = useNow(30_000);
  const version = workflow.latestVersion === null ? "Draft" : `Version ${workflow.latestVersion}`;
  return (
    <WorkflowCard
      title={workflow.name}
      picture={<Picture of={workflow.thumbnail} gives="any" />}
      facts={
        <span className="truncate">
          {version}, changed {ago(new Date(workflow.updatedAt), nowMs)}
        </span>
      }
      action={{ href: `/workflows/${workflow.id}` }}
      extra={<WorkflowMenu id={workflow.id} name={workflow.name} />}
    />
  );
}

function WorkflowMenu({ id, name }: { readonly id: string; readonly name: string }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.workflow.list.pathKey() }),
    onError: (error: { readonly message: string }) =>
      toast({ title: "That did not work", description: error.message }),
  };
  const duplicate = useMutation(trpc.workflow.duplicate.mutationOptions(refresh));
  const remove = useMutation(trpc.workflow.delete.mutationOptions(refresh));
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More about ${name}`} size="small">
            <Icon of={Ellipsis} />
          </IconButton>
        }
        groups={[
          [{ label: "Duplicate", icon: Copy, onSelect: () => duplicate.mutate({ id }) }],
          [{ label: "Delete", icon: Trash2, danger: true, onSelect: () => setAsking(true) }],
        ]}
      />
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Delete “${name}”?`}
        description="Its versions, links and endpoints stop working. Results of its runs stay stored."
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                setAsking(false);
                remove.mutate({ id });
              }}
            >
              Delete
            </Button>
          </>
        }
      />
    </>
  );
}
