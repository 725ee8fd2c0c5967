export interface ReceivedEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: unknown;
}

/** Server-sent events of a response, until `enough` says so or the stream ends. Comments are events named `comment`. */
export async function readEvents(
  response: Response,
  enough: (events: readonly ReceivedEvent[]) => boolean = () => false,
): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) events.push(...parseFrame(frame));
    if (enough(events)) break;
  }
  return events;
}

function parseFrame(frame: string): ReceivedEvent[] {
  const fields = new Map(
    frame
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  if (fields.has("")) return [{ id: null, event: "comment", data: fields.get("") }];
  const data = fields.get("data");
  if (data === undefined) return [];
  return [
    {
      id: fields.get("id") ?? null,
      event: fields.get("event") ?? "message",
      data: JSON.parse(data),
    },
  ];
}
