"use client";
import { runEventBodySchema } from "@heddle/core";
import { useEffect, useEffectEvent } from "react";

/** Every durable event of a run has its type as the name of the server-sent event. */
const eventTypes = runEventBodySchema.options.map((option) => option.shape.type.value);

/** Calls back whenever something durable happens in a run; the browser reconnects by itself. `null`: nothing to follow. */
export function useRunWakes(runId: string | null, onWake: () => void): void {
  const wake = useEffectEvent(onWake);
  useEffect(() => {
    if (runId === null) return;
    const source = new EventSource(`/api/v1/runs/${runId}/events`);
    const listen = () => wake();
    for (const type of eventTypes) source.addEventListener(type, listen);
    return () => source.close();
  }, [runId]);
}
