"use client";
import { Dialog } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { buttonClass, IconButton } from "../../ui/button.tsx";
import { SeenResult } from "../../results/seen-result.tsx";
import { Icon } from "../../ui/icon.tsx";
import { bytes } from "../../words/amounts.ts";
import { useSession, useUi } from "../session-context.tsx";
import type { Lightbox as LightboxState } from "../state/ui-store.ts";

/** One result, as large as the window allows; the arrow keys walk through its neighbours. */
export function Lightbox() {
  const session = useSession();
  const shown = useUi((state) => state.lightbox);
  const close = () => session.ui.setState({ lightbox: null });
  const go = (step: number) => {
    if (shown?.items[shown.index + step] === undefined) return;
    session.ui.setState({ lightbox: { ...shown, index: shown.index + step } });
  };
  return (
    <Dialog.Root open={shown !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_11_13/.94)] transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          className="fixed inset-0 z-40 flex flex-col outline-none"
          data-theme="dark"
          onKeyDown={(event) => {
            if (event.key === "ArrowLeft") go(-1);
            if (event.key === "ArrowRight") go(1);
          }}
        >
          {shown !== null && <Shown shown={shown} go={go} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Shown({
  shown,
  go,
}: {
  readonly shown: LightboxState;
  readonly go: (step: number) => void;
}) {
  const { items, index, title } = shown;
  const item = items[index];
  if (item === undefined) return null;
  return (
    <div className="flex min-h-0 flex-1 flex-col text-ink-1">
      <Head shown={shown} item={item} />
      <div className="flex min-h-0 flex-1 items-center justify-center gap-2 px-4 pb-6">
        {items.length > 1 && (
          <IconButton label="Previous" disabled={index === 0} onClick={() => go(-1)}>
            <Icon of={ChevronLeft} />
          </IconButton>
        )}
        <div className="grid h-full min-w-0 flex-1 place-items-center">
          <Large item={item} alt={`${title}, result ${index + 1}`} />
        </div>
        {items.length > 1 && (
          <IconButton label="Next" disabled={index === items.length - 1} onClick={() => go(1)}>
            <Icon of={ChevronRight} />
          </IconButton>
        )}
      </div>
    </div>
  );
}

type Item = LightboxState["items"][number];

function Head({ shown, item }: { readonly shown: LightboxState; readonly item: Item }) {
  const { items, index, title } = shown;
  const file = "url" in item ? item : null;
  return (
    <header className="flex h-14 flex-none items-center gap-3 px-4">
      <Dialog.Title className="text-13 font-medium">
        {title}
        {items.length > 1 && (
          <span className="font-normal text-ink-2">
            {" "}
            · {index + 1} of {items.length}
          </span>
        )}
      </Dialog.Title>
      <span className="flex-1" />
      {file !== null && (
        <>
          <span className="text-12 text-ink-2">
            {"width" in file && file.width !== undefined ? `${file.width} × ${file.height}, ` : ""}
            {bytes(file.sizeBytes)}
          </span>
          <a
            href={file.url}
            download={fileName(title, index, file.contentType)}
            className={buttonClass("line")}
          >
            <Icon of={Download} />
            Download
          </a>
        </>
      )}
      <Dialog.Close
        aria-label="Close"
        className="grid size-8 flex-none place-items-center rounded-ui text-ink-2 hover:bg-hover hover:text-ink-1"
      >
        <Icon of={X} />
      </Dialog.Close>
    </header>
  );
}

function Large({ item, alt }: { readonly item: Item; readonly alt: string }) {
  switch (item.media) {
    case "image":
    case "video":
      return (
        <SeenResult
          item={item}
          label={alt}
          controls
          className="max-h-[calc(100dvh-88px)] max-w-full object-contain [video&]:min-w-64"
        />
      );
    case "text":
      return (
        <p className="max-h-full max-w-2xl overflow-auto rounded-ui bg-panel p-6 text-15 whitespace-pre-wrap">
          {item.text}
        </p>
      );
    case "number":
      return <p className="text-28 font-semibold">{item.number}</p>;
    case "lora":
      return <p className="text-15">A LoRA, to be used by a node that makes pictures.</p>;
    default:
      return item satisfies never;
  }
}

function fileName(title: string, index: number, contentType: string): string {
  const ending =
    contentType.split("/")[1]?.replace("jpeg", "jpg").replace("octet-stream", "safetensors") ??
    "bin";
  return `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${index + 1}.${ending}`;
}
