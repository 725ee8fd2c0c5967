import type { Metadata } from "next";
import { Editor } from "../../../editor/editor.tsx";

export const metadata: Metadata = { title: "Editor" };

export default async function WorkflowPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const { id } = await params;
  return <Editor workflowId={id} />;
}
