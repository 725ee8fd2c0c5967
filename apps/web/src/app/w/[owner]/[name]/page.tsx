import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { readEnv } from "../../../../env.ts";
import { coverItem } from "../../../../results/output-items.ts";
import { getCaller } from "../../../../server/get-caller.ts";
import { SharePage } from "../../../../share/share-page.tsx";

export const dynamic = "force-dynamic";

interface PageProps {
  readonly params: Promise<{ readonly owner: string; readonly name: string }>;
}

/** One look at the database for the page and its metadata; null: there is no such workflow. */
const findShared = cache(async (owner: string, name: string) => {
  const caller = await getCaller();
  try {
    return await caller.share.get({ owner, name: decodeURIComponent(name) });
  } catch (error) {
    if (error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST"))
      return null;
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { owner, name } = await params;
  const shared = await findShared(owner, name);
  if (shared === null) return { title: "Not found" };
  const cover = coverItem(shared.examples[0]?.outputs ?? null);
  return {
    title: shared.name,
    description: shared.description,
    metadataBase: new URL(readEnv().PUBLIC_URL),
    openGraph: {
      title: shared.name,
      description: shared.description,
      type: "website",
      ...(cover?.media === "image" && { images: [{ url: cover.url }] }),
    },
  };
}

export default async function Page({ params }: PageProps) {
  const { owner, name } = await params;
  const shared = await findShared(owner, name);
  if (shared === null) notFound();
  return <SharePage shared={shared} origin={new URL(readEnv().PUBLIC_URL).origin} />;
}
