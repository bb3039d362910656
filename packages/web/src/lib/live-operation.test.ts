import type { Client, Sink } from "graphql-ws";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runLive } from "./live-operation.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const starts: { readonly variables: unknown; readonly sink: Sink }[] = [];
  const client: Pick<Client, "subscribe"> = {
    subscribe(payload, sink) {
      const start = { variables: { ...payload.variables }, sink: sink as Sink };
      starts.push(start);
      return () => {};
    },
  };
  const sink = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };
  const end = runLive(client, { query: "subscription { runEvents }", variables: { runId: "1" } }, sink, 2_000);
  return { starts, sink, end };
}

describe("a subscription", () => {
  it("that the connection ended starts again behind its cursor", async () => {
    const { starts, sink } = setUp();
    starts[0]?.sink.next({ data: { runEvents: { cursor: "c7" } } });
    starts[0]?.sink.error({ code: 4429, reason: "Too much is waiting for you to read it" });
    expect(sink.error).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(starts.map(({ variables }) => variables)).toEqual([{ runId: "1" }, { runId: "1", after: "c7" }]);
    expect(sink.next).toHaveBeenCalledTimes(1);
  });

  it("that the server refuses says so", () => {
    const { starts, sink } = setUp();
    starts[0]?.sink.error([{ message: "There is no such run." }]);
    expect(sink.error).toHaveBeenCalledWith([{ message: "There is no such run." }]);
  });

  it("that was left does not start again", async () => {
    const { starts, end } = setUp();
    starts[0]?.sink.error({ code: 4500, reason: "" });
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(starts).toHaveLength(1);
  });
});
