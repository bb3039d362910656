import { pinnedNode } from "./bootstrap/paths.mjs";
import { prepare, runScript } from "./bootstrap/prepare.mjs";
import { runVisibly } from "./bootstrap/run.mjs";

// `npm start`: everything from a fresh clone to a running Sluice, on any Node from 20 on.
await runScript(async () => {
  await prepare();
  return runVisibly(pinnedNode, ["packages/server/src/main.ts", ...process.argv.slice(2)]);
});
