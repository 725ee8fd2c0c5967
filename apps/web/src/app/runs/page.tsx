import type { Metadata } from "next";
import { RunList } from "../../runs/run-list.tsx";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  return <RunList />;
}
