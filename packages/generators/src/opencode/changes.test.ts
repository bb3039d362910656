import { expect, it } from "vitest";
import { keptChanges } from "./changes.ts";

const change = (file: string, patch: string) => ({ file, patch, status: "modified", additions: 1, deletions: 0 });

it("keeps patches as long as they fit, and says when some did not", () => {
  const { diff, warning } = keptChanges([
    change("a", "+a"),
    change("b", "x".repeat(200_000)),
    change("c", "+c\0\ud800"),
  ]);
  expect(diff).toMatchObject([{ patch: "+a" }, { file: "b", patch: null }, { patch: "+c\ufffd" }]);
  expect(warning).toContain("changed 3 files");
  expect(keptChanges([change("a", "+a")]).warning).toBeNull();
});

it("stays within what may be kept with a candidate, however many files changed", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => change(`${"folder/".repeat(40)}${i}`, "+x".repeat(50)));
  expect(JSON.stringify(keptChanges(many).diff).length).toBeLessThan(250_000);
});
