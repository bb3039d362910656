// Checks an export of the approval history against its hashes: node verify-approvals.mjs < sluice-approvals.jsonl
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

const ofOneRun = process.argv.includes("--one-run");
let last = { id: 0, hash: "0".repeat(64) };
for await (const line of createInterface({ input: process.stdin })) {
  const { id, previousHash, hash, entry } = JSON.parse(line);
  const unchanged = createHash("sha256").update(`${previousHash}\n${entry}`).digest("hex") === hash;
  // Entries of other runs stand between those of one run, so only neighbours can be compared there.
  const follows = id === last.id + 1 ? previousHash === last.hash : ofOneRun;
  if (!unchanged || !follows || JSON.parse(entry).id !== id) {
    console.error(`Entry ${id} is not as it was written, or something before it is missing.`);
    if (unchanged && !ofOneRun) console.error("If this is the export of one run, say so: --one-run.");
    process.exit(1);
  }
  last = { id, hash };
}
console.log(`${last.id}:${last.hash}`);
