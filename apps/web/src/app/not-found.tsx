import Link from "next/link";
import { PageHead } from "../shell/page-head.tsx";

export default function NotFound() {
  return (
    <>
      <PageHead />
      <main className="mx-auto max-w-[560px] px-4 py-20 text-center">
        <h1 className="text-20 font-semibold">There is nothing at this address</h1>
        <p className="mt-2 text-ink-2">The link may be mistyped, or what it led to was deleted.</p>
        <Link href="/" className="mt-6 inline-block text-accent-line underline">
          All workflows
        </Link>
      </main>
    </>
  );
}
