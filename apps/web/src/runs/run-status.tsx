import type { RunStatus, StepStatus } from "@heddle/core";
import clsx from "clsx";
import {
  Ban,
  Check,
  CircleDashed,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Pause,
  TriangleAlert,
  UserCheck,
} from "lucide-react";
import { Icon } from "../ui/icon.tsx";

interface Look {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly tone: string;
}

const looks: Record<RunStatus | StepStatus, Look> = {
  QUEUED: { word: "Queued", icon: Clock, tone: "text-ink-2" },
  RUNNING: { word: "Running", icon: LoaderCircle, tone: "text-accent-line" },
  PAUSED: { word: "Paused", icon: Pause, tone: "text-ink-2" },
  CANCELING: { word: "Cancelling", icon: Ban, tone: "text-ink-2" },
  SUCCEEDED: { word: "Done", icon: Check, tone: "text-ink-2" },
  FAILED: { word: "Failed", icon: TriangleAlert, tone: "text-danger" },
  CANCELED: { word: "Cancelled", icon: Ban, tone: "text-ink-2" },
  EXPIRED: { word: "Out of time", icon: TriangleAlert, tone: "text-danger" },
  BLOCKED: { word: "Queued", icon: Clock, tone: "text-ink-2" },
  READY: { word: "Queued", icon: Clock, tone: "text-ink-2" },
  LEASED: { word: "Computing", icon: LoaderCircle, tone: "text-accent-line" },
  EXPANDED: { word: "Computing", icon: LoaderCircle, tone: "text-accent-line" },
  WAITING: { word: "Waiting for a person", icon: UserCheck, tone: "text-accent-line" },
  SKIPPED: { word: "Did not run", icon: CircleDashed, tone: "text-ink-2" },
};

/** A state in an icon and a word; only a failure has a colour of its own. */
export function RunStatusLabel({ status }: { readonly status: RunStatus | StepStatus }) {
  const { word, icon, tone } = looks[status];
  return (
    <span className={clsx("inline-flex items-center gap-1.5 text-12 whitespace-nowrap", tone)}>
      <Icon of={icon} size={12} />
      {word}
    </span>
  );
}
