import { expect, it } from "vitest";
import { violations } from "./house-rules.mjs";

it.each([
  ["packages/schema/src/mutations/vote.ts", "  await prisma.vote.create({ data });"],
  ["packages/schema/src/types/run.ts", "db.run.updateMany({ where })"],
  ["packages/schema/src/types/run.ts", "await prisma.$executeRaw`DELETE FROM runs`"],
  ["packages/server/src/http/server.ts", "const port = process.env.PORT;"],
])("refuses in %s: %s", (path, line) => {
  expect(violations(path, `// first line\n${line}\n`)).toEqual([expect.stringContaining(`${path}:2: `)]);
});

it.each([
  ["packages/schema/src/types/run.ts", "prisma.run.findMany({ ...query })"],
  ["packages/schema/src/types/run.test.ts", "await prisma.vote.create({ data });"],
  ["packages/engine/src/commands/cast-vote.ts", "await client.query(insertVote);"],
  ["packages/server/src/env.ts", "readSettings(env = process.env)"],
  ["packages/server/src/env.test.ts", "process.env.PORT"],
  ["packages/generators/src/testing/program.ts", "PATH: process.env.PATH"],
  ["packages/server/src/main.ts", "// process.env is read in env.ts"],
])("lets pass in %s: %s", (path, line) => {
  expect(violations(path, line)).toEqual([]);
});
