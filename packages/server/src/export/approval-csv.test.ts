import { readFile } from "node:fs/promises";
import type { AuditEntryContent, AuditRow } from "@sluice/engine";
import { expect, it } from "vitest";
import { csvHeader, csvLines } from "./approval-csv.ts";

const content: AuditEntryContent = {
  id: 7,
  at: "2026-11-21T10:00:00.000Z",
  type: "approved",
  run: { id: 12, name: "Posters" },
  step: { id: 40, position: 2, name: "Colour", round: 1 },
  approvalId: 5,
  actor: { id: 1, name: "ada", role: "OWNER" },
  channel: "DASHBOARD",
  topK: 1,
  rankingVersion: 9,
  shown: [
    { id: 31, elo: 1_100.5, voteCount: 4, advances: true },
    { id: 30, elo: 990, voteCount: 4, advances: false },
  ],
  confidence: 0.93,
  comment: null,
  overrideReason: null,
  policy: { quorum: 1 },
  requestedAt: "2026-11-21T09:00:00.000Z",
  waitedSeconds: 3_600,
  sentBackTo: null,
};

const lineOf = (change: Partial<AuditEntryContent> = {}): string =>
  csvLines([{ entry: JSON.stringify({ ...content, ...change }), hash: "ab", previousHash: "cd" } as AuditRow]);

it("has a column for everything, under its name", () => {
  expect(csvHeader()).toBe(
    "id,at,type,run,run_name,step,step_name,round,approval,person,role,channel,k,ranking_version,confidence,shown,advancing,comment,override_reason,requested_at,waited_seconds,sent_back_to,policy,hash,previous_hash,candidate,candidate_replaced,candidate_after_decision,imported,max_jobs_before,max_jobs_after,max_cost_usd_before,max_cost_usd_after\r\n",
  );
  expect(lineOf()).toBe(
    '7,2026-11-21T10:00:00.000Z,approved,12,Posters,2,Colour,1,5,ada,OWNER,DASHBOARD,1,9,0.93,31 30,31,,,2026-11-21T09:00:00.000Z,3600,,"{""quorum"":1}",ab,cd,,,,,,,,\r\n',
  );
  const candidate = { id: 31, replaced: false, afterDecision: true };
  expect(lineOf({ type: "candidate_rejected", candidate })).toMatch(/,ab,cd,31,false,true,,,,,\r\n$/);
  const imported = [31, 32].map((id) => ({ id, source: "a notebook" }));
  expect(lineOf({ type: "candidates_imported", imported })).toMatch(/,ab,cd,,,,31 32,,,,\r\n$/);
  const budget = { before: { maxJobs: null, maxCostUsd: 0.5 }, after: { maxJobs: 10, maxCostUsd: 2 } };
  expect(lineOf({ type: "budget_changed", budget })).toMatch(/,ab,cd,,,,,,10,0\.5,2\r\n$/);
});

it("leaves empty what there is none of", () => {
  const nobody = { actor: null, channel: null, topK: null, shown: null, confidence: null, policy: null } as const;
  expect(lineOf({ ...nobody, type: "cancelled" })).toContain("cancelled,12,Posters,2,Colour,1,5,,,,,9,,,,,,");
});

it("quotes what has commas, quotes or line breaks of any kind", () => {
  expect(lineOf({ comment: 'calm, "quiet"\nand\rslow' })).toContain('"calm, ""quiet""\nand\rslow"');
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example","b")'])(
  "keeps a spreadsheet from running %j",
  (comment) => {
    const line = lineOf({ comment, run: { id: 12, name: comment } });
    const escaped = `'${comment}`.replaceAll('"', '""');
    expect(line.split(escaped).length - 1).toBe(2);
    expect(line.slice(0, -"\r\n".length)).not.toMatch(/(^|,)"?[=+@\t\r-]/);
  },
);

it("has no column that is not documented", async () => {
  const docs = await readFile(new URL("../../../../docs/audit.md", import.meta.url), "utf8");
  const columns = csvHeader().trim().split(",");
  expect(columns.length).toBeGreaterThan(20);
  expect(columns.filter((column) => !docs.includes(`\`${column}\``))).toEqual([]);
});
