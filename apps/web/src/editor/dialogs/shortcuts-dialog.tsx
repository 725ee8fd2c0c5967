"use client";
import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { useSession, useUi } from "../session-context.tsx";

const shortcuts: readonly (readonly [keys: string, what: string])[] = [
  ["/", "Add a node"],
  ["Ctrl Enter", "Run everything"],
  ["Shift Enter", "Run to the selected node"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo"],
  ["Ctrl C · X · V", "Copy, cut, paste, wires included"],
  ["Ctrl D", "Duplicate"],
  ["Ctrl A", "Select everything"],
  ["Delete", "Remove what is selected"],
  ["Arrows", "Move what is selected; with Shift, further"],
  ["Ctrl B", "Bypass: hand the input on"],
  ["Ctrl M", "Mute: leave out, with what needs it"],
  ["Shift drag", "Select an area"],
  ["1", "Show everything"],
  ["Escape", "Select nothing, close"],
  ["?", "This list"],
];

export function ShortcutsDialog() {
  const session = useSession();
  const open = useUi((state) => state.shortcuts);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => session.ui.setState({ shortcuts: next })}
      title="Shortcuts"
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-1.5">
        {shortcuts.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              <Kbd>{keys}</Kbd>
            </dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
