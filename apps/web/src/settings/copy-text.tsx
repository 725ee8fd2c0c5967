"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

/** A text in code letters with a button that copies it. */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="flex items-center gap-2 rounded-ui bg-canvas p-2 pl-3 ring-1 ring-line">
      <code aria-label={label} className="min-w-0 flex-1 font-mono text-12 break-all select-all">
        {text}
      </code>
      <IconButton label={copied ? "Copied" : `Copy the ${label}`} onClick={() => void copy()}>
        <Icon of={copied ? Check : Copy} />
      </IconButton>
    </div>
  );
}
