import { context, propagation, trace } from "@opentelemetry/api";
import { z } from "zod";

/** What an app's environment says of traces; the name is OpenTelemetry's own. Its headers and the rest the exporter reads itself. */
export const traceEnvShape = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
    .optional(),
};

export interface TracingOptions {
  /** `web`, `orchestrator`, `runner` */
  readonly app: string;
  /** An OTLP receiver, `http://127.0.0.1:4318`; absent: no span is made, and nothing of the SDK is loaded. */
  readonly endpoint: string | undefined;
}

export interface Tracing {
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Sends the spans of this process as OTLP over HTTP, for as long as it lives. Once per process. */
export async function startTracing({ app, endpoint }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return { close: async () => {} };
  const [sdk, exporter, resources, contexts, core] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/context-async-hooks"),
    import("@opentelemetry/core"),
  ]);
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      "service.name": `heddle-${app}`,
      "service.namespace": "heddle",
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new exporter.OTLPTraceExporter({ url }),
        scheduledDelayMillis: 1_000,
      }),
    ],
  });
  context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return { close: () => provider.shutdown() };
}
