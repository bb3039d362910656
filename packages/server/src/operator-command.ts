import { parseArgs } from "node:util";
import { rollback, SetupError } from "@sluice/db";
import { RIGHTS, type Right, ROLES, type Role } from "@sluice/engine";
import { type Issuer, openIssuer } from "./auth/from-command-line.ts";
import { openDatabase, prepareDatabase } from "./database.ts";
import { readSettings } from "./env.ts";
import { LISTEN_USAGE } from "./listen/options.ts";
import { openPool } from "./open-pool.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { publishedAddress } from "./server-address.ts";
import { PIPELINES_USAGE } from "./setup/pipelines-command.ts";
import { databaseUrlOf, runWorker } from "./worker.ts";

const USAGE = `npm run sluice -- <command>

  sign-in-link [--name owner]        a link that signs one person in on one browser, once, within 24 hours
      [--role OWNER]                 what somebody new may do: ${ROLES.join(", ")}
  token [--name api] [--days 90]     a bearer token for the API; without --days it does not expire
      [--role OPERATOR]              for a new name, what it may do: ${ROLES.join(", ")}
      [--scopes VIEW,VOTE]           what this token may do of that: ${RIGHTS.join(", ")}
${LISTEN_USAGE}${PIPELINES_USAGE}  worker                             a worker of its own, beside a server or on another machine
  verify-audit [--head id:hash]      whether the record of decisions is as it was written; prints its end, to be kept
  migrate                            brings the database up to this version
  rollback                           takes the newest migration back; stop Sluice first
  help                               this text
`;

/**
 * What an operator does to the database or with it, and how all commands are used.
 *
 * @throws SetupError for arguments that it does not take
 */
export async function operatorCommand(say: (line: string) => void): Promise<void> {
  const { command, name, days, role, scopes } = readArguments();
  // Before the settings: a wrong one must not keep anybody from reading how it is done.
  if (command === "help") return void process.stdout.write(USAGE);
  if (command === undefined) throw new SetupError(USAGE);
  const settings = readSettings();
  switch (command) {
    case "sign-in-link": {
      const link = await issue((issuer) => issuer.signInLink(name ?? "owner", role));
      const running = await publishedAddress(settings.dataDir);
      const origin = settings.publicUrl ?? running ?? `http://${settings.host}:${settings.port}`;
      say(`${origin}/sign-in?token=${link}`);
      return;
    }
    case "token":
      say(
        await issue(async (issuer) => {
          const known = name ?? "api";
          if (!role && !(await issuer.knows(known))) throw new SetupError(roleMissing(known));
          return await issuer.token(known, { role, scopes, days: days ?? null });
        }),
      );
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

  async function issue(make: (issuer: Issuer) => Promise<string>): Promise<string> {
    const pool = openPool(databaseUrlOf(settings), () => {});
    try {
      return await make(await openIssuer(pool, settings.authSecret));
    } finally {
      await pool.end();
    }
  }
}

interface Arguments {
  readonly command: string | undefined;
  readonly name: string | undefined;
  readonly days: number | undefined;
  readonly role: Role | undefined;
  readonly scopes: readonly Right[] | null;
}

function readArguments(): Arguments {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        name: { type: "string" },
        days: { type: "string" },
        role: { type: "string" },
        scopes: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    const days = values.days === undefined ? undefined : Number(values.days);
    if (days !== undefined && !(days > 0 && days <= 36_500))
      throw new Error("--days takes a number of days, such as 90.");
    if (values.name?.trim() === "") throw new Error("--name takes a name, such as --name alice.");
    const role = values.role === undefined ? undefined : oneOf(ROLES, values.role, "--role");
    const scopes = values.scopes?.split(",").map((scope) => oneOf(RIGHTS, scope, "--scopes")) ?? null;
    return { command: values.help ? "help" : positionals[0], name: values.name, days, role, scopes };
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function roleMissing(name: string): string {
  return `Nobody is called ${name} yet. Say with --role what ${name} may do: ${ROLES.join(", ")}. Each includes those before it.`;
}

function oneOf<T extends string>(allowed: readonly T[], text: string, option: string): T {
  const found = allowed.find((each) => each === text.trim().toUpperCase());
  if (!found) throw new Error(`${option} takes ${allowed.join(", ")}; not "${text}".`);
  return found;
}
