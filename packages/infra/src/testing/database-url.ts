import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the URL of the tests' Postgres server; the first question starts it. */
    postgresOnDemandUrl: string;
  }
}

/** A database on the tests' real Postgres, shared by the files that only queue and notify. */
export async function databaseUrl(): Promise<string> {
  const response = await fetch(inject("postgresOnDemandUrl"));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return `${text}/postgres`;
}
