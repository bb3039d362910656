import { expect, it } from "vitest";
import { keepRunning } from "./keep-running.ts";
import type { Postmaster, startPostmaster } from "./postmaster.ts";

/** A server that ends when it is told to; what a real one does is in the tests of startEmbeddedPostgres. */
function server(pid: number) {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const stopped: number[] = [];
  const postmaster: Postmaster = {
    pid,
    port: 5432,
    ended,
    stop: async () => {
      stopped.push(pid);
      end();
    },
  };
  return { postmaster, end, stopped };
}

type Started = Awaited<ReturnType<typeof startPostmaster>>;

function keep(first: Postmaster, starts: (() => Promise<Started>)[]) {
  const said: string[] = [];
  let heard = Promise.withResolvers<void>();
  const kept = keepRunning({
    first,
    start: () => starts.shift()?.() ?? Promise.reject(new Error("Nothing was to be started any more.")),
    log: (line) => {
      said.push(line);
      heard.resolve();
      heard = Promise.withResolvers();
    },
  });
  return {
    kept,
    said,
    untilSaid: async (what: RegExp) => {
      while (!said.some((line) => what.test(line))) await heard.promise;
    },
  };
}

it("waits for the sessions of the server that ended", async () => {
  const [first, second] = [server(1), server(2)];
  const { kept, said, untilSaid } = keep(first.postmaster, [
    async () => "still ending",
    async () => "still ending",
    async () => second.postmaster,
  ]);
  first.end();
  await untilSaid(/runs again/);
  expect(said).toEqual([
    "PostgreSQL (process 1) ended although nobody stopped it. It is started again.",
    "PostgreSQL runs again (process 2).",
  ]);
  expect(kept.pid).toBe(2);
  await kept.stop();
  expect([first.stopped, second.stopped]).toEqual([[], [2]]);
});

it("tries again after what failed, and says why it did", async () => {
  const [first, second] = [server(1), server(2)];
  const { kept, said, untilSaid } = keep(first.postmaster, [
    () => Promise.reject(new Error("The disk is full.")),
    async () => second.postmaster,
  ]);
  first.end();
  await untilSaid(/runs again/);
  expect(said[1]).toBe("PostgreSQL could not be started again and will be tried once more: The disk is full.");
  await kept.stop();
});

it("stops at once while it waits for the next attempt", async () => {
  const first = server(1);
  const { kept, said, untilSaid } = keep(first.postmaster, [async () => "port taken"]);
  first.end();
  await untilSaid(/another program has taken its port 5432\.$/);
  await kept.stop();
  expect(said).toHaveLength(2);
});

it("stops a server that was being started when it was told to stop", async () => {
  const [first, second] = [server(1), server(2)];
  const starting = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<Started>();
  const { kept } = keep(first.postmaster, [
    () => {
      starting.resolve();
      return ready.promise;
    },
  ]);
  first.end();
  await starting.promise;
  const stopped = kept.stop();
  ready.resolve(second.postmaster);
  await stopped;
  expect(second.stopped).toEqual([2]);
});

it("takes being stopped for no reason to start again", async () => {
  const first = server(1);
  const { kept, said } = keep(first.postmaster, []);
  await kept.stop();
  expect([first.stopped, said]).toEqual([[1], []]);
});
