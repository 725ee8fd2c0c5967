import { compile } from "../compile/compile.ts";
import type { CompileOptions } from "../compile/compile-options.ts";
import type { Document } from "../document.ts";
import type { Plan, PlanStep } from "../plan.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import { testCatalog } from "./test-catalog.ts";

type Options = Partial<CompileOptions>;

/** Compiles with the test catalog, to run now, every random seed being 7. */
export function compileTest(document: Document, options: Options = {}) {
  return compile(document, testCatalog, { requireInputs: true, randomSeed: () => 7, ...options });
}

export function planOf(document: Document, options: Options = {}): Plan {
  const result = compileTest(document, options);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.plan;
}

/** None when it compiles. */
export function problemsOf(document: Document, options: Options = {}): Problem[] {
  const result = compileTest(document, options);
  return result.ok ? [] : result.problems;
}

/** None when it does not compile. */
export function noticesOf(document: Document, options: Options = {}): Problem[] {
  const result = compileTest(document, options);
  return result.ok ? result.notices : [];
}

export function stepIds(plan: Plan): string[] {
  return plan.steps.map(({ id }) => id);
}

export function stepOf(plan: Plan, id: string): PlanStep | undefined {
  return plan.steps.find((step) => step.id === id);
}

export function codesOf(problems: readonly Problem[]): ProblemCode[] {
  return problems.map(({ code }) => code);
}
