import type { Document } from "@heddle/core";

/** Hands the document out as `name.heddle.json`. */
export function exportDocument(document: Document): void {
  const name =
    document.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "") || "workflow";
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(document, null, 2)], { type: "application/json" }),
  );
  const link = window.document.createElement("a");
  link.href = url;
  link.download = `${name}.heddle.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
