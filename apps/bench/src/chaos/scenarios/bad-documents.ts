import { post } from "../client.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";
import { tinyWorkflow } from "../workflow.ts";
import { percentile } from "../../serve/statistics.ts";

const repeats = 5;

export const badDocuments: Scenario = {
  name: "bad-documents",
  title: "5,001 nodes, a cycle, JSON 10,000 deep: refused",
  run: (context) => underLoad({ ...context, runs: 1 }, "bad", () => sendBad(context)),
};

async function sendBad({ cluster }: ScenarioContext): Promise<Injected> {
  const good = tinyWorkflow(cluster.photo, 1);
  const { hue, ...others } = good.nodes;
  const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, index) => [`n${index}`, hue]));
  const back = {
    id: "back",
    from: { node: "turn", port: "image" },
    to: { node: "hue", port: "image" },
  };
  const bodies: readonly (readonly [string, string])[] = [
    ["5,001 nodes", JSON.stringify({ document: { ...good, nodes: { ...others, ...many } } })],
    [
      "cycle",
      JSON.stringify({
        document: { ...good, edges: [...good.edges.filter(({ to }) => to.node !== "hue"), back] },
      }),
    ],
    ["deep JSON", `{"document":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
  ];
  const failures: string[] = [];
  const notes: string[] = [];
  for (const [name, body] of bodies) {
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const before = performance.now();
      const answer = await post(cluster.webUrl, `bad-${name.replaceAll(" ", "-")}-${repeat}`, body);
      times.push(performance.now() - before);
      if (typeof answer === "string" || ![400, 422].includes(answer.status))
        failures.push(`bad-documents: ${name} gave ${JSON.stringify(answer)}`);
    }
    notes.push(`${name} ${Math.round(percentile(times, 50))} ms`);
  }
  return { faults: bodies.length, note: notes.join(", "), failures };
}
