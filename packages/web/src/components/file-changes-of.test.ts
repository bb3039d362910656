import { describe, expect, it } from "vitest";
import { fileChangesOf, patchLines } from "./file-changes-of.ts";

describe("fileChangesOf", () => {
  it("reads what an agent changed", () => {
    const diff = [{ file: "a.txt", status: "added", additions: 1, deletions: 0, patch: "@@ -0,0 +1 @@\n+hello\n" }];
    expect(fileChangesOf({ generator: "opencode", diff })).toEqual(diff);
  });

  it("makes nothing of what is no list of changes", () => {
    for (const meta of [null, [], "diff", {}, { diff: "a" }, { diff: [1, { status: "added" }] }]) {
      expect(fileChangesOf(meta)).toEqual([]);
    }
    expect(fileChangesOf({ diff: [{ file: "b", patch: null }] })).toMatchObject([{ status: "changed", patch: null }]);
  });
});

describe("patchLines", () => {
  it("leaves out what names the file again, and tells what each line is", () => {
    const patch = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n";
    expect(patchLines(patch).map(({ kind }) => kind)).toEqual(["place", "same", "removed", "added"]);
  });
});
