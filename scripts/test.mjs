import { join } from "node:path";
import { root } from "./bootstrap/paths.mjs";
import { prepare, runScript } from "./bootstrap/prepare.mjs";
import { runVisibly } from "./bootstrap/run.mjs";
import { checkFirstLoad } from "./checks/first-load.mjs";
import { checkHouseRules } from "./checks/house-rules.mjs";
import { runWholeSuite } from "./checks/whole-suite.mjs";

/** The browser tests need it; when it cannot be built, everything else is still worth checking. */
const dashboard = {
  title: "build of the dashboard",
  check: () =>
    prepare(["web"]).then(
      () => 0,
      (error) => {
        console.log(error.message);
        return 1;
      },
    ),
};

const bin = (name) => join(root, "node_modules/.bin", name);
const tool = (title, name, ...args) => ({ title, check: () => runVisibly(bin(name), args) });
const vitest = (args, env = {}) => runVisibly(bin("vitest"), ["run", ...args], { env });

/** What has to hold, cheapest first. All are run, whatever fails, so that one run tells everything. */
const checks = [
  tool("format and lint", "biome", "check", "--error-on-warnings"),
  tool("layers", "depcruise", "--config", ".dependency-cruiser.mjs", "prisma", "packages", "bench"),
  { title: "house rules", check: checkHouseRules },
  tool("unused code and dependencies", "knip", "--no-progress", "--no-config-hints"),
  dashboard,
  { title: "first load of the dashboard", check: checkFirstLoad },
  tool("types", "tsc", "-p", "tsconfig.json", "--noEmit"),
  tool("types of the dashboard", "tsc", "-p", "packages/web/tsconfig.json", "--noEmit"),
  { title: "tests", check: () => runWholeSuite(vitest) },
];

// `npm test`, or `npm test -- <path or vitest option>` for some of the tests alone.
await runScript(async () => {
  await prepare(["install", "generate"]);
  const args = process.argv.slice(2);
  const chosen = args.length > 0 ? [dashboard, { title: "tests", check: () => vitest(args) }] : checks;
  const failed = [];
  for (const { title, check } of chosen) {
    console.log(`\n── ${title}`);
    const code = await check();
    if (code !== 0) failed.push(`${title} (exit ${code})`);
    if (code >= 128) break;
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
  console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
});
