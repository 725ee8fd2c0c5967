"use client";
import { useQuery } from "@tanstack/react-query";
import { HardDrive } from "lucide-react";
import { useTrpc } from "../trpc.tsx";
import { Icon } from "../ui/icon.tsx";
import { bytes } from "../words/amounts.ts";
import { Panel, PanelRow } from "./panel.tsx";

/** What the files of this workspace take, and what they may. */
export function Storage() {
  const trpc = useTrpc();
  const storage = useQuery(trpc.storage.get.queryOptions());
  return (
    <Panel id="storage" title="Storage" help="Uploaded and computed files of this workspace.">
      <PanelRow>
        {storage.data !== undefined && (
          <>
            <Icon of={HardDrive} className="text-ink-3" />
            <span className="min-w-0 flex-1 font-medium">{bytes(storage.data.sizeBytes)}</span>
            <span className="text-12 text-ink-2">
              {storage.data.files} {storage.data.files === 1 ? "file" : "files"}
              {storage.data.limitBytes !== null && `, ${bytes(storage.data.limitBytes)} allowed`}
            </span>
          </>
        )}
        {storage.isError && (
          <span className="text-danger">
            The storage could not be read: {storage.error.message}
          </span>
        )}
      </PanelRow>
    </Panel>
  );
}
