"use client";
import { Moon, Sun } from "lucide-react";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { setTheme, useTheme } from "./theme.ts";

export function ThemeToggle() {
  const theme = useTheme();
  const next = theme === "dark" ? "light" : "dark";
  return (
    <IconButton label={`Switch to the ${next} theme`} onClick={() => setTheme(next)}>
      <Icon of={theme === "dark" ? Sun : Moon} />
    </IconButton>
  );
}
