import { describe, expect, it } from "vitest";
import { type DraftStorage, forgetAllDrafts, forgetDraft, readDraft, writeDraft } from "./drafts.ts";
import { keepDraftsOf } from "./signed-in-as.ts";

function memory(): DraftStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  };
}

describe("drafts", () => {
  it("come back as they were written, each under its own key", () => {
    const storage = memory();
    writeDraft(storage, "comment 1", "softer edges", "");
    writeDraft(storage, "comment 2", "brighter", "");
    expect(readDraft(storage, "comment 1", "")).toBe("softer edges");
    expect(readDraft(storage, "comment 2", "")).toBe("brighter");
    forgetDraft(storage, "comment 1");
    expect(readDraft(storage, "comment 1", "")).toBe("");
  });

  it("are not kept where they say no more than the initial value", () => {
    const storage = memory();
    writeDraft(storage, "form", { name: "a" }, { name: "" });
    writeDraft(storage, "form", { name: "" }, { name: "" });
    expect(storage.kept.size).toBe(0);
  });

  it("of another version are laid over the initial value, or left alone where they are of another kind", () => {
    const storage = memory();
    writeDraft(storage, "form", { name: "a" }, { name: "" });
    expect(readDraft<object>(storage, "form", { name: "", note: "new" })).toEqual({ name: "a", note: "new" });
    expect(readDraft<unknown>(storage, "form", "text")).toBe("text");
    expect(readDraft<unknown>(storage, "form", [])).toEqual([]);
  });

  it("need no storage that works", () => {
    const refuse = () => {
      throw new Error("denied");
    };
    const storage: DraftStorage = { length: 1, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse };
    writeDraft(storage, "comment", "kept nowhere", "");
    expect(readDraft(storage, "comment", "")).toBe("");
    forgetDraft(storage, "comment");
    forgetAllDrafts(storage);
  });

  it("are those of whoever uses the tab: somebody else does not find them", () => {
    const storage = memory();
    expect(keepDraftsOf(storage, "ann")).toBe(false);
    writeDraft(storage, "comment", "softer edges", "");
    expect(keepDraftsOf(storage, "ann")).toBe(false);
    expect(readDraft(storage, "comment", "")).toBe("softer edges");
    expect(keepDraftsOf(storage, "bob")).toBe(true);
    expect(readDraft(storage, "comment", "")).toBe("");
    expect(keepDraftsOf(storage, "ann")).toBe(false);
  });

  it("are forgotten together, and nothing else is", () => {
    const storage = memory();
    storage.setItem("color scheme", "dark");
    writeDraft(storage, "comment 1", "softer edges", "");
    writeDraft(storage, "comment 2", "brighter", "");
    forgetAllDrafts(storage);
    expect([...storage.kept.keys()]).toEqual(["color scheme"]);
  });
});
