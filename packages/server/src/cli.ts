// `npm run sluice -- <command>`: what an operator does beside the running server.
import { parseArgs } from "node:util";
import { rollback, SetupError } from "@sluice/db";
import { queryable } from "@sluice/engine";
import { issueCredential } from "./auth/credentials.ts";
import { openDatabase, prepareDatabase } from "./database.ts";
import { readSettings } from "./env.ts";
import { openPool } from "./open-pool.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { publishedAddress } from "./server-address.ts";
import { databaseUrlOf, runWorker } from "./worker.ts";

const USAGE = `npm run sluice -- <command>

  sign-in-link [--name owner]        a link that signs one person in on one browser, once, within 24 hours
  token [--name api] [--days 90]     a bearer token for the API; without --days it does not expire
  worker                             a worker of its own, beside a server or on another machine
  migrate                            brings the database up to this version
  rollback                           takes the newest migration back; stop Sluice first
  help                               this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await main().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(
    `${error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
});

async function main(): Promise<void> {
  const { command, name, days } = readArguments();
  // Before the settings: a wrong one must not keep anybody from reading how it is done.
  if (command === "help") return void process.stdout.write(USAGE);
  if (command === undefined) throw new SetupError(USAGE);
  const settings = readSettings();
  switch (command) {
    case "sign-in-link": {
      const link = await issue("SIGN_IN_LINK", name ?? "owner");
      const running = await publishedAddress(settings.dataDir);
      const origin = settings.publicUrl ?? running ?? `http://${settings.host}:${settings.port}`;
      say(`${origin}/sign-in?token=${link}`);
      return;
    }
    case "token":
      say(await issue("API_TOKEN", name ?? "api"));
      return;
    case "worker":
      await runUntilStopped((running) => runWorker(settings, running));
      return;
    case "migrate": {
      await using database = await openDatabase(settings, say);
      await prepareDatabase(database.url, say);
      say("The database is up to date.");
      return;
    }
    case "rollback": {
      await using database = await openDatabase(settings, say);
      const { rolledBack } = await rollback({ url: database.url, log: say });
      say(`Migration ${rolledBack} is taken back.`);
      return;
    }
    default:
      throw new SetupError(`There is no command "${command}".\n\n${USAGE}`);
  }

  async function issue(kind: "SIGN_IN_LINK" | "API_TOKEN", actor: string): Promise<string> {
    const pool = openPool(databaseUrlOf(settings), () => {});
    try {
      return await issueCredential(queryable(pool), kind, actor, days === undefined ? {} : { days });
    } finally {
      await pool.end();
    }
  }
}

function readArguments(): { command: string | undefined; name: string | undefined; days: number | undefined } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { name: { type: "string" }, days: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) return { command: "help", name: undefined, days: undefined };
    const days = values.days === undefined ? undefined : Number(values.days);
    if (days !== undefined && !(days > 0 && days <= 36_500))
      throw new Error("--days takes a number of days, such as 90.");
    if (values.name?.trim() === "") throw new Error("--name takes a name, such as --name alice.");
    return { command: positionals[0], name: values.name, days };
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
