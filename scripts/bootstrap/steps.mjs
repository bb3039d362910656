import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { packageManager, pinnedNode, root } from "./paths.mjs";
import { runQuietly } from "./run.mjs";

const workspaces = [
  "prisma",
  "packages/engine",
  "packages/generators",
  "packages/schema",
  "packages/server",
  "packages/web",
  "bench",
];

/** Everything between a fresh clone and a program that can run, in order. Each is skipped while its inputs stay as they are. */
export const steps = [
  {
    name: "install",
    inputs: [
      "pnpm-lock.yaml",
      "pnpm-workspace.yaml",
      "package.json",
      ...workspaces.map((folder) => `${folder}/package.json`),
    ],
    outputs: [
      "node_modules/node/bin",
      "node_modules/.modules.yaml",
      "prisma/node_modules",
      "packages/web/node_modules",
    ],
    work: install,
  },
  {
    name: "generate",
    inputs: ["prisma/schema.prisma", "prisma/prisma.config.ts", "prisma/package.json"],
    outputs: ["prisma/generated/client/client.ts", "prisma/generated/pothos.ts"],
    work: () => {
      const cwd = join(root, "prisma");
      const prisma = join(cwd, "node_modules/prisma/build/index.js");
      const path = [join(cwd, "node_modules/.bin"), join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
      return runQuietly("Generating the database client", pinnedNode, [prisma, "generate"], {
        cwd,
        env: { PATH: path },
      });
    },
  },
  {
    name: "web",
    inputs: ["packages/web", "packages/schema/schema.graphql", "pnpm-lock.yaml"],
    outputs: ["packages/web/dist/index.html"],
    work: () =>
      runQuietly("Building the dashboard", pinnedNode, ["--run", "build"], { cwd: join(root, "packages/web") }),
  },
];

/** The package manager is the one that package.json pins, run through npx: nobody has to install it. */
function install() {
  const first = !existsSync(pinnedNode);
  const title = first ? "Installing packages (the first time takes a minute or two)" : "Installing packages";
  const args = ["--yes", "--loglevel=error", packageManager, "install", "--frozen-lockfile"];
  const ours = ["--reporter=append-only", "--config.confirm-modules-purge=false", ...foldersWithoutHome()];
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const hint = "Start again; if it fails the same way, delete node_modules first.";
  return runQuietly(title, npx, [...args, ...ours], { env: npmCacheWithoutHome(), hint });
}

/** Service users often have no home they may write; then npm and pnpm keep their files in ours. */
const homeIsWritable = (() => {
  try {
    accessSync(homedir(), constants.W_OK);
    return true;
  } catch {
    return false;
  }
})();

const foldersWithoutHome = () => (homeIsWritable ? [] : [`--store-dir=${join(root, ".bootstrap-cache/store")}`]);
const npmCacheWithoutHome = () =>
  homeIsWritable
    ? {}
    : { npm_config_cache: join(root, ".bootstrap-cache/npm"), HOME: join(root, ".bootstrap-cache/home") };
