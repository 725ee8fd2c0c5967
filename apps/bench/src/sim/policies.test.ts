import { describe, expect, it } from "vitest";
import { Clock, type Outcome } from "./event-loop.ts";
import { findGoodput } from "./goodput.ts";
import { policies, policyNames, type Policy, type PolicyName } from "./policies.ts";
import { createTraffic, meanServiceMs } from "./traffic.ts";
import { createZoo } from "./zoo.ts";

const zoo = createZoo(1);
const runners = 8;

function find(name: PolicyName): Policy {
  const policy = policies.find((one) => one.name === name);
  if (policy === undefined) throw new Error(`there is no policy ${name}`);
  return policy;
}

function play(name: PolicyName, load: number): Outcome[] {
  const perSecond = (load * runners * 1_000) / meanServiceMs();
  const requests = createTraffic(zoo, { seed: 1, requests: 600, perSecond });
  const clock = new Clock();
  const [create] = find(name).variants(runners);
  if (create === undefined) throw new Error(`${name} has no variant`);
  return clock.play(requests, create({ clock, zoo, runners }));
}

describe("simulated policies", () => {
  it("end every request once, none before it came, and no device does two things at once", () => {
    for (const name of policyNames) {
      for (const load of [0.3, 1.1]) {
        const outcomes = play(name, load);
        expect(new Set(outcomes.map(({ request }) => request.id)).size, name).toBe(600);
        expect(outcomes).toHaveLength(600);
        for (const { request, startMs, endMs, loadMs } of outcomes) {
          expect(startMs).toBeGreaterThanOrEqual(request.atMs);
          expect(endMs).toBeCloseTo(startMs + loadMs + request.serviceMs, 3);
        }
        const changes = outcomes
          .flatMap(({ startMs, endMs }) => [
            { atMs: startMs, by: 1 },
            { atMs: endMs, by: -1 },
          ])
          .toSorted((first, second) => first.atMs - second.atMs || first.by - second.by);
        let busy = 0;
        for (const { by } of changes) expect((busy += by), name).toBeLessThanOrEqual(runners);
      }
    }
  });

  it("give the same result for the same seed", () => {
    expect(play("ours", 0.8)).toEqual(play("ours", 0.8));
  });

  it("ours serves at least twice the load of first come, first served, and hardly loads", () => {
    const options = { zoo, runners, requests: 1_200, seed: 1, sloScale: 2 };
    const [ours, fifo] = [find("ours"), find("fifo")].map((policy) =>
      findGoodput(policy, options, 1.1),
    );
    expect(ours?.load).toBeGreaterThan(2 * (fifo?.load ?? Number.NaN));
    expect(ours?.loadShare).toBeLessThan(0.15);
  });
});
