import { expect, it } from "vitest";
import { budgetChangeInWords, importInWords, whoInWords } from "./audit-words.ts";

it("says who decided, with which role and how", () => {
  expect(whoInWords({ actorName: "ada", actorRole: "OWNER", channel: "API" })).toBe("ada (owner), through the API");
  expect(whoInWords({ actorName: "ada", actorRole: null, channel: null })).toBe("ada");
  expect(whoInWords({ actorName: null, actorRole: null, channel: "POLICY" })).toBe("The step's policy");
  expect(whoInWords({ actorName: null, actorRole: null, channel: null })).toBe("Nobody");
});

it("says what of a budget is another one", () => {
  const none = { maxJobs: null, maxCostUsd: null };
  expect(budgetChangeInWords({ before: none, after: { maxJobs: 10, maxCostUsd: null } })).toBe(
    "Attempts: no limit → 10.",
  );
  expect(budgetChangeInWords({ before: { maxJobs: 10, maxCostUsd: 0.5 }, after: { maxJobs: 4, maxCostUsd: 2 } })).toBe(
    "Attempts: 10 → 4. Cost: $0.50 → $2.00.",
  );
  expect(budgetChangeInWords({ before: { maxJobs: 4, maxCostUsd: 2 }, after: { ...none, maxJobs: 4 } })).toBe(
    "Cost: $2.00 → no limit.",
  );
});

it("says how many candidates came from where", () => {
  expect(importInWords([{ source: null }])).toBe("1 candidate without a source");
  expect(importInWords([{ source: "a notebook" }, { source: null }, { source: "a notebook" }])).toBe(
    "2 candidates from “a notebook”, 1 candidate without a source",
  );
});
