import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClaimJobDeps } from "../src/commands/claim-job.ts";
import { claimJobWithin } from "../src/commands/claim-job-within.ts";
import { InvalidInputError } from "../src/errors.ts";
import type { EventTail } from "../src/events/event-tail.ts";
import { fixedGenerators } from "../src/jobs/generator-source.ts";
import { MAX_WAITING_CLAIMS } from "../src/jobs/waiting-claims.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
let deps: ClaimJobDeps & { readonly tail: EventTail };
let listening: PromiseWithResolvers<void>;
beforeEach(async () => {
  kit = await engineKit();
  listening = Promise.withResolvers();
  const tail: EventTail = {
    ...kit.engine.tail,
    listen(listener) {
      const started = kit.engine.tail.listen(listener);
      void started.ready.then(listening.resolve);
      return started;
    },
  };
  const generators = fixedGenerators([{ ...echoGenerator("far"), runs: "elsewhere" }])();
  deps = { ...kit.engine, tail, generators };
});
afterEach(() => kit[Symbol.asyncDispose]());

const claim = (waitSeconds: number, gone: AbortSignal | null = new AbortController().signal) =>
  claimJobWithin(deps, kit.actor, { generators: ["far"], leaseSeconds: 60, waitSeconds }, gone);
const newJob = () => kit.newRun([{ generator: "far", maxChildren: 1 }]);

describe("a claim that waits", () => {
  it("is answered as soon as there is a job, which is there already or comes", async () => {
    await newJob();
    expect((await claim(30)).job).toMatchObject({ generator: "far" });
    const waiting = claim(30);
    await listening.promise;
    const runId = await newJob();
    expect((await waiting).job).toMatchObject({ runId });
  });

  it("gives one job to one of those who wait for it", async () => {
    const waiting = [claim(3), claim(3), claim(3)];
    await listening.promise;
    await newJob();
    const jobs = (await Promise.all(waiting)).map(({ job }) => job);
    expect(jobs.filter((job) => job !== null)).toHaveLength(1);
  });

  it("looks a few times a second at most, however much happens meanwhile that is nothing to it", async () => {
    let looks = 0;
    const query = vi.spyOn(kit.engine.pool, "query");
    query.mockClear();
    const began = Date.now();
    const waiting = claim(30);
    await listening.promise;
    for (let run = 0; run < 40; run++) await kit.newRun([{ generator: "other", maxChildren: 1 }]);
    const runId = await newJob();
    expect((await waiting).job).toMatchObject({ runId });
    for (const [text] of query.mock.calls as unknown[][]) {
      if (JSON.stringify(text)?.includes("graphile_worker.jobs entry")) looks += 1;
    }
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThanOrEqual(4 + (Date.now() - began) / 200);
  });

  it("goes away empty after its time, to ask again at once", async () => {
    expect(await claim(0.2)).toEqual({ job: null, askAgainAfterSeconds: 0 });
  });

  it("claims nothing for whoever has gone", async () => {
    const gone = new AbortController();
    const waiting = claim(30, gone.signal);
    await listening.promise;
    gone.abort();
    expect(await waiting).toEqual({ job: null, askAgainAfterSeconds: 0 });
    await newJob();
    expect((await claim(0)).job).not.toBeNull();
  });

  it("is one of 50 of the same person or integration; one more is refused, and whoever goes makes room", async () => {
    const gone = new AbortController();
    let answered = 0;
    const claims = Array.from({ length: MAX_WAITING_CLAIMS + 1 }, async () => {
      const answer = await claim(30, gone.signal).catch((error: unknown) => error);
      answered += 1;
      return answer;
    });
    const refused = await Promise.race(claims);
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect(refused).toMatchObject({
      field: "waitSeconds",
      message: expect.stringMatching(/^50 claims of yours wait for a job already.*leave waitSeconds out\.$/),
    });
    expect(answered).toBe(1);
    // Whoever does not wait, and whoever is somebody else, is not concerned.
    expect(await claim(0)).toEqual({ job: null, askAgainAfterSeconds: 2 });
    const other = { ...kit.actor, id: (await kit.newActor("grace")).id };
    const signal = new AbortController().signal;
    const input = { generators: ["far"], leaseSeconds: 60, waitSeconds: 0.1 };
    expect(await claimJobWithin(deps, other, input, signal)).toEqual({ job: null, askAgainAfterSeconds: 0 });

    gone.abort();
    await Promise.all(claims);
    expect(await claim(0.1)).toEqual({ job: null, askAgainAfterSeconds: 0 });
  });

  it("does not wait where nobody could tell that the other side has gone, or is asked not to", async () => {
    expect(await claim(30, null)).toEqual({ job: null, askAgainAfterSeconds: 2 });
    expect(await claim(0)).toEqual({ job: null, askAgainAfterSeconds: 2 });
  });

  it.each([-1, 31, Number.NaN])("waits for 0 to 30 seconds, and not for %s", async (seconds) => {
    const error = await claim(seconds).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ field: "waitSeconds" });
  });
});
