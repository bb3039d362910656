import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { filesBelow } from "../bootstrap/stamp.mjs";

/** What import rules cannot see. Each rule: which files, what may not be in them, and what to do instead. */
export const rules = [
  {
    name: "reads only",
    files: /^packages\/schema\/src\/.*(?<!\.test)\.ts$/,
    forbidden:
      /\.(create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)\(\{|\$(executeRaw|executeRawUnsafe|transaction)\b/,
    instead: "write through a command of packages/engine",
  },
  {
    name: "settings in one place",
    files: /^packages\/(?!web\/)[^/]+\/src\/(?!env\.ts$|(.*\/)?testing\/|.*\.test\.ts$).*\.ts$/,
    forbidden: /\bprocess\.env\b/,
    instead: "add the setting to packages/server/src/env.ts and pass its value",
  },
];

/** The violations in one file, as `path:line: …` sentences. */
export function violations(path, text) {
  const applying = rules.filter(({ files }) => files.test(path));
  return text
    .split("\n")
    .flatMap((line, index) =>
      applying
        .filter(({ forbidden }) => forbidden.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line))
        .map(({ name, instead }) => `${path}:${index + 1}: ${name}: ${line.trim()}\n    → ${instead}`),
    );
}

/** Prints every violation in the packages; resolves to the exit code. */
export async function checkHouseRules() {
  const found = filesBelow(join(root, "packages")).flatMap((file) => {
    const path = relative(root, file).replaceAll("\\", "/");
    return rules.some(({ files }) => files.test(path)) ? violations(path, readFileSync(file, "utf8")) : [];
  });
  console.log(found.length > 0 ? found.join("\n") : "✔ no violations found");
  return found.length > 0 ? 1 : 0;
}
