import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { sharingOf } from "./delivery.ts";
import { schema } from "./schema.ts";

const sharing = (text: string, operation?: string) => sharingOf(schema, parse(text), operation);

describe("sharingOf", () => {
  it.each([
    ["state", "subscription { approvalPreview(stepId: 1) { topK } }"],
    ["each", "subscription { approvalChanged { id } }"],
    ["each", "subscription { changed: runsChanged { id } }"],
    ["log", "subscription { runEvents(runId: 1) { cursor } }"],
    ["log", "subscription { alertChanged { cursor } }"],
    ["state", "subscription { ...on Subscription { approvalPreview(stepId: 1) { topK } } }"],
  ])("is %s for %s", (delivery, text) => {
    expect(sharing(text)).toEqual({ delivery, viewerSpecific: false });
  });

  it.each([
    "subscription { runsChanged { steps { nextPair { left { id } } } } }",
    "subscription { runsChanged { steps { progress: votingProgress { yourVotes } } } }",
    "subscription { runsChanged { ...Steps } } fragment Steps on Run { steps { ...on RunStep { nextPair { left { id } } } } }",
  ])("finds what depends on the viewer in %s", (text) => {
    expect(sharing(text).viewerSpecific).toBe(true);
  });

  it("looks at the operation that is run", () => {
    const text =
      "subscription A { runsChanged { id } } subscription B { approvalChanged { step { nextPair { left { id } } } } }";
    expect(sharing(text, "A")).toEqual({ delivery: "each", viewerSpecific: false });
    expect(sharing(text, "B")).toEqual({ delivery: "each", viewerSpecific: true });
  });
});
