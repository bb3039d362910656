import type { Client, Sink } from "graphql-ws";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runLive } from "./live-operation.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const starts: { readonly variables: unknown; readonly sink: Sink; readonly leave: () => void }[] = [];
  const client: Pick<Client, "subscribe"> = {
    subscribe(payload, sink) {
      // As graphql-ws does: leaving completes.
      const start = { variables: { ...payload.variables }, sink: sink as Sink, leave: vi.fn(() => sink.complete()) };
      starts.push(start);
      return start.leave;
    },
  };
  const sink = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };
  const onMissed = vi.fn();
  const request = { query: "subscription { runEvents }", variables: { runId: "1" } };
  const end = runLive(client, request, sink, onMissed, 2_000);
  return { starts, sink, onMissed, end };
}

const failed = { message: "Something went wrong on the server.", extensions: { code: "INTERNAL_SERVER_ERROR" } };

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

  it("that the server refuses says so", async () => {
    const { starts, sink } = setUp();
    starts[0]?.sink.error([{ message: "There is no such run.", extensions: { code: "NOT_FOUND" } }]);
    expect(sink.error).toHaveBeenCalledWith([expect.objectContaining({ message: "There is no such run." })]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toHaveLength(1);
  });

  it("that the server was not up to starts again, less and less often, and what is shown is read again", async () => {
    const { starts, sink, onMissed } = setUp();
    starts[0]?.sink.error([failed]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(starts).toHaveLength(2);
    expect(onMissed).toHaveBeenCalledTimes(1);
    starts[1]?.sink.error([failed]);
    await vi.advanceTimersByTimeAsync(3_999);
    expect(starts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(starts).toHaveLength(3);
    expect(sink.error).not.toHaveBeenCalled();

    starts[2]?.sink.next({ data: { runEvents: { cursor: "c1" } } });
    starts[2]?.sink.error([failed]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(starts).toHaveLength(4);
  });

  it("whose source failed starts again", async () => {
    const { starts, sink, onMissed } = setUp();
    starts[0]?.sink.next({ errors: [failed] });
    starts[0]?.sink.complete();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(starts).toHaveLength(2);
    expect(onMissed).toHaveBeenCalledTimes(1);
    expect(sink.complete).not.toHaveBeenCalled();
  });

  it("that could not tell one change goes on, and what is shown is read again", async () => {
    const { starts, onMissed } = setUp();
    starts[0]?.sink.next({ data: null, errors: [failed] });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(onMissed).toHaveBeenCalledTimes(1);
    expect(starts).toHaveLength(1);
  });

  it("that was left does not start again", async () => {
    const { starts, sink, onMissed, end } = setUp();
    starts[0]?.sink.error({ code: 4500, reason: "" });
    end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toHaveLength(1);
    expect(onMissed).not.toHaveBeenCalled();
    expect(sink.complete).toHaveBeenCalledTimes(1);
  });
});
