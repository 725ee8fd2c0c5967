"use client";
import { Tabs } from "../../ui/tabs.tsx";
import { useDoc, useSession, useUi } from "../session-context.tsx";
import type { InspectorTab } from "../state/ui-store.ts";
import { ApiTab } from "./api-tab.tsx";
import { NodeTab } from "./node-tab.tsx";
import { RunTab } from "./run-tab.tsx";
import { SeveralTab } from "./several-tab.tsx";
import { WorkflowTab } from "./workflow-tab.tsx";

const tabs: readonly { readonly value: InspectorTab; readonly label: string }[] = [
  { value: "node", label: "Node" },
  { value: "run", label: "Run" },
  { value: "api", label: "API" },
];

/** What is selected, the run under way, and how to call the workflow. */
export function Inspector() {
  const session = useSession();
  const tab = useUi((state) => state.tab);
  const only = useDoc(({ selection }) => (selection.size === 1 ? [...selection][0] : undefined));
  const count = useDoc(({ selection }) => selection.size);
  const node =
    only !== undefined ? (
      <NodeTab key={only} nodeId={only} />
    ) : count > 1 ? (
      <SeveralTab />
    ) : (
      <WorkflowTab />
    );
  const content: Record<InspectorTab, React.ReactNode> = { node, run: <RunTab />, api: <ApiTab /> };
  return (
    <aside aria-label="Inspector" className="flex min-h-0 flex-col border-l border-line bg-panel">
      <Tabs
        label="Inspector"
        value={tab}
        onChange={(value) => {
          const next = tabs.find((one) => one.value === value);
          if (next !== undefined) session.ui.setState({ tab: next.value });
        }}
        tabs={tabs.map(({ value, label }) => ({
          value,
          label,
          content: tab === value ? content[value] : null,
        }))}
      />
    </aside>
  );
}
