import { describe, expect, it } from "vitest";
import { NEW_WEBHOOK, type WebhookDraft } from "./webhook-draft.ts";
import { changesOf, edited, overwrites, viewOf } from "./webhook-edit.ts";

const WEBHOOK: WebhookDraft = { ...NEW_WEBHOOK, url: "https://a.example", description: "chat" };
const SOME: WebhookDraft = { ...WEBHOOK, all: false, chosen: ["ALERT_RAISED", "RUN_FINISHED"] };

describe("what is changed of a webhook", () => {
  it("is what was touched, and leaves alone what somebody else has changed meanwhile", () => {
    const edit = edited({}, WEBHOOK, { ...WEBHOOK, description: "the chat" });
    const now = { ...WEBHOOK, url: "https://b.example" };
    expect(viewOf(edit, now)).toEqual({ ...now, description: "the chat" });
    expect(changesOf(edit, now)).toEqual({ description: "the chat" });
    expect(overwrites(edit, now)).toEqual([]);
  });

  it("says what it replaces", () => {
    const edit = edited({}, WEBHOOK, { ...WEBHOOK, url: "https://c.example" });
    const now = { ...SOME, url: "https://b.example" };
    expect(overwrites(edit, now)).toEqual(["the URL"]);
    expect(changesOf(edit, now)).toEqual({ url: "https://c.example" });
    expect(overwrites(edit, { ...now, url: "https://c.example" })).toEqual([]);
    expect(changesOf(edit, { ...now, url: "https://c.example" })).toEqual({});
  });

  it("is nothing where it says again what it said at first", () => {
    const typed = edited({}, WEBHOOK, { ...WEBHOOK, url: "https://a.example/x", description: "" });
    expect(edited(typed, WEBHOOK, WEBHOOK)).toEqual({});
    expect(viewOf({}, SOME)).toEqual(SOME);
  });

  it("takes all the events or some, in whatever order", () => {
    const edit = edited({}, SOME, { ...SOME, chosen: ["RUN_FINISHED"] });
    expect(changesOf(edit, SOME)).toEqual({ eventTypes: ["RUN_FINISHED"] });
    expect(edited(edit, SOME, { ...SOME, chosen: ["RUN_FINISHED", "ALERT_RAISED"] })).toEqual({});
    expect(changesOf(edited({}, SOME, { ...SOME, all: true }), SOME)).toEqual({ eventTypes: [] });
    expect(overwrites(edit, WEBHOOK)).toEqual(["the events"]);
  });
});
