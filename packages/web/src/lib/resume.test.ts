import { describe, expect, it } from "vitest";
import { resumable } from "./resume.ts";

const request = { query: "subscription RunEvents", variables: { runId: "r1", after: "5" } };

describe("resumable", () => {
  it("starts from the cursor it was given", () => {
    expect(resumable(request).payload.variables).toEqual({ runId: "r1", after: "5" });
  });

  it("sends the latest cursor when the same payload object is used again", () => {
    const { payload, advance } = resumable(request);
    advance({ runEvents: { cursor: "9", events: [] } });
    advance({ runEvents: { cursor: "12", events: [] } });
    expect(payload.variables).toEqual({ runId: "r1", after: "12" });
  });

  it("keeps its cursor when a result carries none", () => {
    const { payload, advance } = resumable(request);
    advance({ runEvents: { cursor: "9", events: [] } });
    advance(null);
    advance({ runEvents: null });
    expect(payload.variables).toEqual({ runId: "r1", after: "9" });
  });

  it("goes on behind the last alert too", () => {
    const { payload, advance } = resumable({ query: "subscription AlertChanged", variables: { after: "a1" } });
    advance({ alertChanged: { id: "1", cursor: "a2" } });
    expect(payload.variables).toEqual({ after: "a2" });
  });

  it("leaves other subscriptions as they are", () => {
    const { payload, advance } = resumable({ query: "subscription Preview", variables: { stepId: "s1", topK: 3 } });
    advance({ approvalPreview: { topK: 3 } });
    expect(payload.variables).toEqual({ stepId: "s1", topK: 3 });
  });
});
