/** Classes shared by what floats: menus, selects, popovers. */
export const popupClass =
  "rounded-ui bg-raised p-1 text-13 text-ink-1 shadow-float outline-none transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0";

export const popupItemClass =
  "grid min-h-8 cursor-default grid-cols-[16px_1fr_auto] items-center gap-2 rounded-in px-2 py-1.5 outline-none select-none data-disabled:text-ink-3 data-highlighted:bg-hover";
