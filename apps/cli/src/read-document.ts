import { readFileSync } from "node:fs";
import {
  defaultLimits,
  parseDocument,
  type ParseDocumentResult,
  type ProblemCode,
} from "@heddle/core";

/** Reads a `name.heddle.json`; whatever is wrong with the file or its contents is a problem. */
export function readDocument(file: string): ParseDocumentResult {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > defaultLimits.documentBytes) {
      const most = `at most ${defaultLimits.documentBytes} are allowed (limit documentBytes)`;
      return failed("limit", `${file} has ${bytes.length} bytes; ${most}`);
    }
    return parseDocument(JSON.parse(bytes.toString("utf8")));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof SyntaxError)
      return failed("document_invalid", `${file} is not JSON: ${error.message}`);
    if ("code" in error)
      return failed("document_invalid", `${file} cannot be read: ${error.message}`);
    throw error;
  }
}

function failed(code: ProblemCode, message: string): ParseDocumentResult {
  return { ok: false, problems: [{ code, message, path: "" }] };
}
