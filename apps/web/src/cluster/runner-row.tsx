import { Cpu } from "lucide-react";
import clsx from "clsx";
import { Icon } from "../ui/icon.tsx";
import { ago, bytes, seconds } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";
import type { Cluster } from "./cluster-page.tsx";

type Runner = Cluster["runners"][number];

/** One runner: how it spends its time, and which weights it has at hand. */
export function RunnerRow({ runner }: { readonly runner: Runner }) {
  const { name, device, memoryBytes, tasks, startedAt, own } = runner;
  const nowMs = useNow(30_000);
  return (
    <div className="border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Icon of={Cpu} className="text-ink-3" />
        <span className="min-w-0 flex-1 truncate max-md:basis-[calc(100%-40px)]">
          <span className="font-medium">{name}</span>
          <span className="ml-2 text-ink-2">
            {device}, {bytes(memoryBytes)}
          </span>
        </span>
        {own && <span className="text-12 text-ink-2">this workspace’s own</span>}
        <span className="text-12 text-ink-2">
          {tasks} {tasks === 1 ? "task" : "tasks"} done
        </span>
        <span className="text-12 text-ink-2">started {ago(new Date(startedAt), nowMs)}</span>
        <State runner={runner} />
      </div>
      <Shares runner={runner} />
      <Residents runner={runner} />
    </div>
  );
}

/** In words, so that no colour has to be told. */
function State({ runner: { state, running, slots, silentMs } }: { readonly runner: Runner }) {
  if (state === "lost")
    return <span className="text-12 text-danger">silent for {seconds(silentMs)}</span>;
  return (
    <span className={clsx("text-12", state === "busy" ? "text-ink-1" : "text-ink-2")}>
      {state === "busy" ? `${running} of ${slots} slots` : "idle"}
    </span>
  );
}

function Shares({ runner: { busy, loadMs, deviceMs } }: { readonly runner: Runner }) {
  const worked = loadMs + deviceMs;
  const loading = worked === 0 ? 0 : (busy * loadMs) / worked;
  const parts = [
    { name: "computing", share: busy - loading, className: "bg-accent-line" },
    { name: "loading", share: loading, className: "bg-line-control" },
    { name: "idle", share: 1 - busy, className: "bg-raised" },
  ];
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="flex h-2 min-w-40 flex-1 overflow-hidden rounded-in ring-1 ring-line">
        {parts.map(({ name, share, className }) => (
          <span key={name} className={className} style={{ width: `${share * 100}%` }} />
        ))}
      </span>
      <span className="text-11 text-ink-2">
        {parts.map(({ name, share }) => `${Math.round(share * 100)} % ${name}`).join(", ")}
      </span>
    </div>
  );
}

const tierWords = { session: "ready", ram: "in memory", disk: "on disk" } as const;

/** Each model by the quickest tier that it is in. */
function Residents({ runner: { resident } }: { readonly runner: Runner }) {
  const tiers = ["session", "ram", "disk"] as const;
  const models = [...new Set(resident.map(({ modelId }) => modelId))];
  if (models.length === 0) return null;
  return (
    <ul className="mt-3 flex flex-wrap gap-2" aria-label="Weights at hand">
      {models.map((modelId) => {
        const own = resident.filter((one) => one.modelId === modelId);
        const tier = tiers.find((wanted) => own.some((one) => one.tier === wanted)) ?? "disk";
        const size = own
          .filter((one) => one.tier === tier)
          .reduce((sum, one) => sum + one.sizeBytes, 0);
        return (
          <li
            key={modelId}
            className={clsx(
              "rounded-in px-2 text-11 leading-6 ring-1 ring-line",
              tier === "session" ? "bg-hover text-ink-1" : "text-ink-2",
            )}
          >
            {modelId} · {tierWords[tier]}, {bytes(size)}
          </li>
        );
      })}
    </ul>
  );
}
