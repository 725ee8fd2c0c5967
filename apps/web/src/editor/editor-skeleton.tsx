/** The frame while the workflow is on its way: nothing jumps when it comes. */
export function EditorSkeleton() {
  return (
    <div
      aria-busy="true"
      className="grid h-dvh grid-rows-[var(--bar)_minmax(0,1fr)] md:grid-cols-[var(--palette)_minmax(0,1fr)_var(--inspector)] md:grid-rows-[var(--bar)_minmax(0,1fr)_var(--filmstrip)]"
    >
      <p className="flex items-center border-b border-line bg-panel px-4 text-12 text-ink-3 md:col-span-3">
        Opening the workflow
      </p>
      <div className="row-span-2 hidden border-r border-line bg-panel md:block" />
      <div className="bg-canvas" />
      <div className="row-span-2 hidden border-l border-line bg-panel md:block" />
      <div className="hidden border-t border-line bg-panel md:block" />
    </div>
  );
}
