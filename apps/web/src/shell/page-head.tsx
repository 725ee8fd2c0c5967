"use client";
import clsx from "clsx";
import { SlidersHorizontal } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";
import { Mark } from "../ui/mark.tsx";
import { ThemeToggle } from "../ui/theme-toggle.tsx";

const places = [
  { href: "/", label: "Workflows" },
  { href: "/runs", label: "Runs" },
  { href: "/cluster", label: "Cluster" },
  { href: "/settings", label: "Settings" },
] as const;

/** The head of every page but the editor: where you are, and what you can do here. */
export function PageHead({ children }: { readonly children?: ReactNode }) {
  const pathname = usePathname();
  return (
    <header className="sticky top-0 z-10 flex h-14 items-center gap-1 border-b border-line bg-panel px-4 md:gap-3 md:px-8">
      <Link href="/" className="flex items-center gap-2 rounded-in text-15 font-semibold">
        <Mark />
        <span className="max-md:sr-only">Heddle</span>
      </Link>
      <nav aria-label="Pages" className="flex md:ml-2">
        {places.map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            aria-label={label}
            className={clsx(
              "flex h-8 items-center rounded-ui px-2 font-medium text-ink-2 hover:text-ink-1 md:px-3",
              pathname === href && "bg-hover text-ink-1!",
            )}
          >
            {href === "/settings" ? (
              <>
                <Icon of={SlidersHorizontal} className="md:hidden" />
                <span className="max-md:hidden">{label}</span>
              </>
            ) : (
              label
            )}
          </Link>
        ))}
      </nav>
      <div className="ml-auto flex items-center gap-1 md:gap-2">
        {children}
        <ThemeToggle />
      </div>
    </header>
  );
}
