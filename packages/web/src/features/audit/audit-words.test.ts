import { expect, it } from "vitest";
import { whoInWords } from "./audit-words.ts";

it("says who decided, with which role and how", () => {
  expect(whoInWords({ actorName: "ada", actorRole: "OWNER", channel: "API" })).toBe("ada (owner), through the API");
  expect(whoInWords({ actorName: "ada", actorRole: null, channel: null })).toBe("ada");
  expect(whoInWords({ actorName: null, actorRole: null, channel: "POLICY" })).toBe("The step's policy");
  expect(whoInWords({ actorName: null, actorRole: null, channel: null })).toBe("Nobody");
});
