import { describe, expect, it } from "vitest";
import { toldLines } from "./told-lines.ts";

function told(chunks: readonly Uint8Array[]) {
  const heard: unknown[] = [];
  const lines = toldLines({
    progress: (share, message) => void heard.push([share, message]),
    log: (line) => void heard.push(line),
  });
  for (const chunk of chunks) lines.add(chunk);
  lines.end();
  return { heard, last: lines.last };
}

describe("toldLines", () => {
  it("hears the same however the bytes come in pieces", () => {
    const bytes = Buffer.from("progress 0.25 Entwürfe\r\nloading ✓\n\nprogress 150%\nprogress is slow\nno end");
    const heard = [[0.25, "Entwürfe"], "loading ✓", [1, undefined], "progress is slow", "no end"];
    expect(told([bytes]).heard).toEqual(heard);
    expect(told([...bytes].map((byte) => Uint8Array.of(byte))).heard).toEqual(heard);
  });

  it("keeps no more of a line without an end than it tells at once, and the last lines for a failure", () => {
    const { heard, last } = told(Array.from({ length: 100 }, () => Buffer.alloc(1_000, "x")));
    expect(heard.join("")).toHaveLength(100_000);
    expect(heard.every((line) => (line as string).length <= 2_000)).toBe(true);
    expect(last).toHaveLength(5);
  });
});
