import { pinnedNode } from "./bootstrap/paths.mjs";
import { prepare, runScript } from "./bootstrap/prepare.mjs";
import { runVisibly } from "./bootstrap/run.mjs";

// `npm run sluice -- <command>`: the operator's commands, with the same preparation as `npm start`.
await runScript(async () => {
  await prepare();
  return runVisibly(pinnedNode, ["packages/server/src/cli.ts", ...process.argv.slice(2)]);
});
