"use client";
import { Menu as Base } from "@base-ui/react/menu";
import clsx from "clsx";
import { Check, type LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./icon.tsx";
import { popupClass, popupItemClass } from "./popup.ts";

export interface MenuItem {
  readonly label: ReactNode;
  readonly onSelect: () => void;
  readonly icon?: LucideIcon;
  readonly checked?: boolean;
  /** At the right edge: a shortcut, an estimate. */
  readonly note?: ReactNode;
  readonly disabled?: boolean;
  readonly danger?: boolean;
}

export interface MenuProps {
  readonly trigger: ReactElement;
  /** Groups are parted by a line. */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly align?: "start" | "center" | "end";
  readonly minWidth?: number;
}

export function Menu({ trigger, groups, align = "start", minWidth = 200 }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-50">
          <Base.Popup className={popupClass} style={{ minWidth }}>
            {groups.map((items, index) => (
              <Base.Group
                key={index}
                className={clsx(index > 0 && "mt-1 border-t border-line pt-1")}
              >
                {items.map((item, position) => (
                  <MenuRow key={position} item={item} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function MenuRow({ item }: { readonly item: MenuItem }) {
  return (
    <Base.Item
      className={clsx(popupItemClass, item.danger === true && "text-danger")}
      disabled={item.disabled ?? false}
      onClick={item.onSelect}
    >
      <span className="flex size-4 items-center">
        {item.checked === true ? (
          <Icon of={Check} />
        ) : (
          item.icon !== undefined && <Icon of={item.icon} />
        )}
      </span>
      <span className="truncate">{item.label}</span>
      {item.note !== undefined && <span className="pl-4 text-12 text-ink-2">{item.note}</span>}
    </Base.Item>
  );
}
