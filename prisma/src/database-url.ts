import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { SetupError } from "./setup-error.ts";

const oldest = 15;

/**
 * Whether the database at `url` can be used: it answers, lets us in, exists, is PostgreSQL 15 or newer, and takes
 * writes. A server that is starting, or that nothing listens for yet, is waited for, `patience` milliseconds at most
 * (containers start in any order); everything else is told at once.
 * @throws SetupError that names DATABASE_URL, never with its password
 */
export async function checkDatabase(url: string, options: { patience?: number } = {}): Promise<void> {
  const target = describe(url);
  const until = Date.now() + (options.patience ?? 15_000);
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await checkServer(client, target);
      return;
    } catch (error) {
      if (error instanceof SetupError) throw error;
      const { code = "" } = error as { code?: string };
      if (!worthWaitingFor.has(code) || Date.now() >= until) throw unusable(target, code, error as Error);
    } finally {
      await client.end().catch(() => {});
    }
    await pause(250);
  }
}

/** Nothing listens there (yet), or it says that it is starting up. */
const worthWaitingFor = new Set(["ECONNREFUSED", "57P03"]);

type Target = { safe: string; host: string; user: string; database: string };

function describe(url: string): Target {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw notAnAddress();
  }
  if (parsed.protocol !== "postgres:" && parsed.protocol !== "postgresql:") throw notAnAddress();
  const database = decodeURIComponent(parsed.pathname.slice(1)) || parsed.username;
  const host = parsed.host || parsed.searchParams.get("host") || "localhost";
  parsed.password = "";
  parsed.searchParams.delete("password");
  return { safe: parsed.href, host, user: decodeURIComponent(parsed.username), database };
}

const notAnAddress = () =>
  new SetupError("DATABASE_URL is not an address of the form postgresql://user:password@host:5432/database.");

async function checkServer(client: pg.Client, { safe }: Target): Promise<void> {
  const { rows } = await client.query<{ version: string; number: string; standby: boolean }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
            pg_is_in_recovery() AS standby`,
  );
  const [server] = rows;
  if (!server) throw new SetupError(`DATABASE_URL (${safe}) does not answer like PostgreSQL.`);
  if (Math.floor(Number(server.number) / 10_000) < oldest) {
    throw new SetupError(
      `DATABASE_URL (${safe}) is PostgreSQL ${server.version}; Sluice needs ${oldest} or newer. ` +
        "Upgrade it, or leave DATABASE_URL out to use the embedded one.",
    );
  }
  if (server.standby) {
    throw new SetupError(`DATABASE_URL (${safe}) is a read-only standby. Point it at the primary server.`);
  }
}

function unusable({ safe, host, user, database }: Target, code: string, cause: Error): SetupError {
  const say = (problem: string) => new SetupError(`DATABASE_URL (${safe}): ${problem}`, { cause });
  switch (code) {
    case "ECONNREFUSED":
      return say(`nothing listens on ${host}. Start that PostgreSQL, correct the address, or leave DATABASE_URL out.`);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return say(`the name ${host} is not known. Correct the address.`);
    case "28P01":
    case "28000":
      return say(`the server refuses user "${user}" (${cause.message}). Correct the user or the password.`);
    case "3D000":
      return say(`the server has no database "${database}". Make it with: createdb ${database}`);
    case "57P03":
      return say("the server keeps starting up. Look at its log, then start again.");
    case "53300":
      return say("the server has no connection left. Raise its max_connections, or stop what uses them.");
    default:
      return say(`${cause.message || code}. Check that ${host} can be reached from here and that TLS settings match.`);
  }
}
