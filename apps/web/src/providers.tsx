"use client";
import type { ReactNode } from "react";
import { TrpcProvider } from "./trpc.tsx";
import { ToastProvider } from "./ui/toast.tsx";
import { TooltipProvider } from "./ui/tooltip.tsx";

export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <TrpcProvider>
      <TooltipProvider delay={400}>
        <ToastProvider>{children}</ToastProvider>
      </TooltipProvider>
    </TrpcProvider>
  );
}
