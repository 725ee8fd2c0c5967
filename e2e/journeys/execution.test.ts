import { expect, test } from "@playwright/test";
import { send, upload } from "../support/api.ts";
import { documentOf } from "../support/documents.ts";
import { picture } from "../support/pictures.ts";

interface Answer {
  readonly run: { readonly id: string; readonly status: string };
  readonly steps: readonly {
    readonly nodeId: string;
    readonly item: number | null;
    readonly status: string;
    readonly cached: boolean;
  }[];
  readonly outputs: Record<string, readonly { readonly text?: string; readonly sha256?: string }[]>;
  readonly error: { readonly nodeId: string; readonly message: string } | null;
}

interface Run {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly targets?: readonly string[];
  /** seconds */
  readonly wait?: number;
}

async function run(document: object, { wait = 60, ...rest }: Run = {}): Promise<Answer> {
  const response = await send("/api/v1/runs", {
    headers: { prefer: `wait=${wait}` },
    body: { document, ...rest },
  });
  expect([201, 202]).toContain(response.status);
  return (await response.json()) as Answer;
}

const textsOf = (answer: Answer, name: string) => answer.outputs[name]?.map(({ text }) => text);
const nodesOf = ({ steps }: Answer) => [...new Set(steps.map(({ nodeId }) => nodeId))].toSorted();
const stepOf = ({ steps }: Answer, id: string) => steps.find(({ nodeId }) => nodeId === id);

/** A picture that nothing was made of yet. */
async function newPicture(): Promise<string> {
  const file = await upload(new Uint8Array(await picture(320, 240, Date.now())), "photo.png");
  return ((await file.json()) as { url: string }).url;
}

/** One picture, two branches: `wide` pixels on one, a fixed hue on the other. */
function branches(wide: number) {
  return documentOf(
    {
      photo: { type: "input-image", params: { name: "image" } },
      left: { type: "resize", params: { width: wide, height: 50 } },
      right: { type: "adjust", params: { hue: 90 } },
      first: { type: "output-image", params: { name: "resized" } },
      second: { type: "output-image", params: { name: "turned" } },
    },
    [
      "photo.image > left.image",
      "photo.image > right.image",
      "left.image > first.value",
      "right.image > second.value",
    ],
  );
}

test("a branch that no output needs never runs, also when it is not finished", async () => {
  const answer = await run(
    documentOf(
      {
        words: { type: "input-text", params: { name: "words", value: "hi" } },
        loud: { type: "text-template", params: { template: "{a}!" } },
        said: { type: "output-text", params: { name: "said" } },
        loose: { type: "text-template", params: { template: "{a}?" } },
        open: { type: "resize" },
      },
      ["words.text > loud.a", "loud.text > said.value", "words.text > loose.a"],
    ),
  );
  expect(textsOf(answer, "said")).toEqual(["hi!"]);
  expect(nodesOf(answer)).toEqual(["loud", "said", "words"]);
});

test("one changed parameter leaves its siblings cached", async () => {
  const image = await newPicture();
  const before = await run(branches(60), { input: { image } });
  const after = await run(branches(61), { input: { image } });
  expect(stepOf(after, "left")?.cached).toBe(false);
  expect(stepOf(after, "right")?.cached).toBe(true);
  expect(after.outputs["turned"]?.[0]?.sha256).toBe(before.outputs["turned"]?.[0]?.sha256);
});

test("only what the targets need runs, with what that depends on", async () => {
  const image = await newPicture();
  const answer = await run(branches(62), { input: { image }, targets: ["turned"] });
  expect(nodesOf(answer)).toEqual(["photo", "right", "second"]);
  expect(Object.keys(answer.outputs)).toEqual(["turned"]);
});

test("a failure names its run and node, other outputs complete, and it is never cached", async () => {
  const image = await newPicture();
  const document = branches(16_384);
  const tall = JSON.stringify(document).replace('"height":50', '"height":16384,"fit":"fill"');
  for (const attempt of [1, 2]) {
    const answer = await run(JSON.parse(tall) as object, { input: { image } });
    expect(answer.run.status).toBe("FAILED");
    expect(answer.run.id).toMatch(/^run_/);
    expect(answer.error?.nodeId).toBe("left");
    expect(stepOf(answer, "left")).toMatchObject({ status: "FAILED", cached: false });
    expect(stepOf(answer, "first")?.status).toBe("SKIPPED");
    expect(answer.outputs["turned"]).toHaveLength(1);
    expect(stepOf(answer, "right")?.cached).toBe(attempt === 2);
  }
});

test("one node feeds an input twice and several outputs", async () => {
  const answer = await run(
    documentOf(
      {
        words: { type: "input-text", params: { name: "words", value: "ho" } },
        twice: { type: "text-join", params: { separator: " " } },
        one: { type: "output-text", params: { name: "one" } },
        same: { type: "output-text", params: { name: "same" } },
        both: { type: "output-text", params: { name: "both" } },
      },
      [
        "words.text > one.value",
        "words.text > same.value",
        "words.text > twice.texts",
        "words.text > twice.texts",
        "twice.text > both.value",
      ],
    ),
  );
  expect(["one", "same", "both"].map((name) => textsOf(answer, name))).toEqual([
    ["ho"],
    ["ho"],
    ["ho ho"],
  ]);
});

test("mapping keeps the order of its items, and an empty list gives an empty list", async () => {
  const document = documentOf(
    {
      words: { type: "input-text", params: { name: "words" } },
      lines: { type: "text-split" },
      each: { type: "text-template", params: { template: "<{a}>" } },
      said: { type: "output-text", params: { name: "said" } },
    },
    ["words.text > lines.text", "lines.texts > each.a", "each.text > said.value"],
  );
  const items = Array.from({ length: 40 }, (_, index) => `${index}`);
  const full = await run(document, { input: { words: items.join("\n") } });
  expect(textsOf(full, "said")).toEqual(items.map((item) => `<${item}>`));
  const empty = await run(document, { input: { words: "\n\n" } });
  expect([empty.run.status, textsOf(empty, "said")]).toEqual(["SUCCEEDED", []]);
});

test("mapping over an item that fails names the item", async () => {
  const answer = await run(
    documentOf(
      {
        sizes: { type: "sweep", params: { by: "values", values: "50, 16384, 51" } },
        photo: { type: "input-image", params: { name: "image" } },
        sized: { type: "resize", params: { height: 16_384, fit: "fill" } },
        result: { type: "output-image", params: { name: "result" } },
      },
      ["sizes.numbers > sized.width", "photo.image > sized.image", "sized.image > result.value"],
    ),
    { input: { image: await newPicture() } },
  );
  expect(answer.run.status).toBe("FAILED");
  expect(answer.error?.message).toMatch(/^Item 2: /);
});

test("cancelling ends its own run only, and comes too late for one that has ended", async () => {
  const image = await newPicture();
  const slow = documentOf(
    {
      photo: { type: "input-image", params: { name: "image" } },
      large: { type: "upscale" },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["photo.image > large.image", "large.image > result.value"],
  );
  const ended = await run(branches(70), { input: { image } });
  const first = await run(slow, { input: { image }, wait: 0 });
  const cancel = (id: string) => send(`/api/v1/runs/${id}/cancel`, { method: "POST" });
  const statusOf = async (id: string) =>
    ((await (await send(`/api/v1/runs/${id}`)).json()) as Answer).run.status;
  expect((await cancel(first.run.id)).ok).toBe(true);
  expect((await cancel(ended.run.id)).ok).toBe(true);
  await expect.poll(() => statusOf(first.run.id), { timeout: 30_000 }).toBe("CANCELED");
  expect(await statusOf(ended.run.id)).toBe("SUCCEEDED");
  const again = await run(slow, { input: { image } });
  expect(again.run.status).toBe("SUCCEEDED");
});
