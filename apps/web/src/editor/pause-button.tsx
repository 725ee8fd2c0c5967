"use client";
import { Pause, Play } from "lucide-react";
import { IconButton, type ButtonSize } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { useSession } from "./session-context.tsx";
import { holdRun } from "./state/actions.ts";
import type { TrackedRun } from "./state/run-state.ts";

/** Pauses a run under way, or lets it go on. */
export function PauseButton({
  run,
  size = "small",
}: {
  readonly run: TrackedRun;
  readonly size?: ButtonSize;
}) {
  const session = useSession();
  const paused = run.status === "PAUSED";
  return (
    <IconButton
      size={size}
      label={`${paused ? "Resume" : "Pause"} run ${run.number ?? ""}`}
      disabled={run.status === "CANCELING"}
      onClick={() => void holdRun(session, run.id, paused ? "resume" : "pause")}
    >
      <Icon of={paused ? Play : Pause} size={12} />
    </IconButton>
  );
}
