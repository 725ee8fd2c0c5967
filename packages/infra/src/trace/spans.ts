import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from "@opentelemetry/api";

export interface SpanOptions {
  /** W3C `traceparent` of the span that this one is a part of, wherever that was; absent: the one that is open here. */
  readonly parent?: string | null | undefined;
  /** It answers a request. */
  readonly server?: boolean;
  readonly attributes?: Attributes;
}

/** What is done while a span is open; nothing but the work itself costs anything where traces are off. */
export function inSpan<Result>(
  name: string,
  { parent, server = false, attributes = {} }: SpanOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const kind = server ? SpanKind.SERVER : SpanKind.INTERNAL;
  return tracer().startActiveSpan(name, { kind, attributes }, contextOf(parent), async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span that ends now and took so long, within the one that is open here. */
export function recordSpan(name: string, ms: number, attributes: Attributes = {}): void {
  const startTime = Date.now() - ms;
  tracer().startSpan(name, { attributes, startTime }).end();
}

/** Says more of the span that is open here: what it is called once that is known, and more. */
export function describeSpan(attributes: Attributes, name?: string): void {
  const span = trace.getActiveSpan();
  span?.setAttributes(attributes);
  if (name !== undefined) span?.updateName(name);
}

/** W3C `traceparent` of the span that is open here; undefined: there is none, or traces are off. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier["traceparent"];
}

function tracer() {
  return trace.getTracer("heddle");
}

function contextOf(parent: string | null | undefined): Context {
  if (parent === undefined || parent === null) return context.active();
  return propagation.extract(ROOT_CONTEXT, { traceparent: parent });
}
