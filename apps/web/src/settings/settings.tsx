import { PageHead } from "../shell/page-head.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { Runners } from "./runners.tsx";
import { Storage } from "./storage.tsx";

/** Keys that let others call this server, the runners that do the work, and what files take. */
export function Settings() {
  return (
    <>
      <PageHead />
      <main className="mx-auto max-w-[880px] px-4 py-6 md:px-8">
        <h1 className="text-20 font-semibold">Settings</h1>
        <ApiKeys />
        <Runners />
        <Storage />
      </main>
    </>
  );
}
