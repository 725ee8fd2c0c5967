"use client";
import type { AppRouter } from "@heddle/api";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, type TRPCClient, TRPCClientError } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";

const context = createTRPCContext<AppRouter>();
export const useTrpc = context.useTRPC;
export const useTrpcClient = context.useTRPCClient;

export type ApiClient = TRPCClient<AppRouter>;

/** An answer of the server, as opposed to no answer: has its code, its status and its problems. */
export function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}

function createClient(): ApiClient {
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: "/api/trpc", methodOverride: "POST" })],
  });
}

export function TrpcProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: 2 } } }),
  );
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}
