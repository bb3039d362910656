import { resolve } from "node:path";
import { SetupError } from "@sluice/db";
import { z } from "zod";

/** Everything that can be set from outside, checked. Absent means the default of the guide's table. */
export type Settings = {
  /** 0 lets the system choose a free one. */
  port: number;
  host: string;
  /** Absent: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** Absolute. Holds the embedded database, assets and secrets that Sluice makes for itself. */
  dataDir: string;
  /** A bearer token with the owner's rights. */
  adminToken: string | undefined;
  /** What `listen` shows to the server. */
  token: string | undefined;
  /** What session cookies are signed with. Absent: one that is made once and kept in the database. */
  authSecret: string | undefined;
  /** "off" is the transition flag (G14): runs created under it have no gates. */
  gates: "on" | "off";
  /** Absolute path of the operator's pipelines.yaml. */
  pipelinesFile: string | undefined;
  worker: "embedded" | "off";
  logLevel: (typeof logLevels)[number];
  /** Origin under which people reach the dashboard, for links; without a slash at its end. */
  publicUrl: string | undefined;
  /** Where mail is sent over: `smtp://` or `smtps://`, with user and password where it takes them. Absent: none is sent. */
  smtpUrl: string | undefined;
  /** Whom mail is from, such as `Sluice <sluice@example.org>`; set where `smtpUrl` is. */
  mailFrom: string | undefined;
  /** "on" lets webhooks lead to this machine and private networks. */
  webhooksPrivate: "on" | "off";
  /** How long a delivery is kept once it has ended. */
  deliveryDays: number;
  /** Shows GraphiQL at /graphql: in development, which is anything but NODE_ENV=production. */
  graphiql: boolean;
};

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Where nothing else is said. */
export const DELIVERY_DAYS = 30;
const MAX_DELIVERY_DAYS = 3_650;

const days = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .refine((count) => count >= 1 && count <= MAX_DELIVERY_DAYS);

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port <= 65_535);

const origin = z
  .string()
  .refine(isOrigin)
  .transform((text) => new URL(text).origin);

/** Each variable with its rule, and with what a person is told it may be. */
const variables = {
  PORT: { rule: portNumber, allowed: "a port number from 0 to 65535 (0 chooses a free one)" },
  HOST: { rule: z.string().regex(/^\S+$/), allowed: "an address to listen on, such as 127.0.0.1 or 0.0.0.0" },
  DATABASE_URL: {
    rule: z.string().regex(/^postgres(ql)?:\/\/.+/),
    allowed: "an address of the form postgresql://user:password@host:5432/database",
    secret: true,
  },
  SLUICE_DATA_DIR: { rule: z.string(), allowed: "the path of a folder" },
  SLUICE_ADMIN_TOKEN: {
    rule: z.string().regex(/^\S{16,}$/),
    allowed: "at least 16 characters without spaces (try: openssl rand -hex 24)",
    secret: true,
  },
  SLUICE_TOKEN: {
    rule: z.string().regex(/^\S+$/),
    allowed: "a bearer token, as `sluice token` prints it",
    secret: true,
  },
  SLUICE_AUTH_SECRET: {
    rule: z.string().regex(/^\S{32,}$/),
    allowed: "at least 32 characters without spaces (try: openssl rand -hex 32)",
    secret: true,
  },
  SLUICE_GATES: { rule: z.enum(["on", "off"]), allowed: "on or off" },
  SLUICE_PIPELINES: { rule: z.string(), allowed: "the path of a pipelines.yaml" },
  SLUICE_WORKER: { rule: z.enum(["embedded", "off"]), allowed: "embedded or off" },
  LOG_LEVEL: { rule: z.enum(logLevels), allowed: logLevels.join(", ") },
  SLUICE_PUBLIC_URL: { rule: origin, allowed: "an origin such as https://sluice.example.org, without a path" },
  SLUICE_SMTP_URL: {
    rule: z.string().refine(isMailServer),
    allowed: "an address of the form smtp://user:password@mail.example.org:587, or smtps:// with TLS from the start",
    secret: true,
  },
  SLUICE_MAIL_FROM: {
    rule: z.string().regex(/^([^<>\p{Cc}]*<[^\s@<>,;]+@[^\s@<>,;]+>|[^\s@<>,;]+@[^\s@<>,;]+)$/u),
    allowed: "an email address, such as sluice@example.org or Sluice <sluice@example.org>",
  },
  SLUICE_WEBHOOKS_PRIVATE: { rule: z.enum(["on", "off"]), allowed: "on or off" },
  SLUICE_DELIVERY_DAYS: { rule: days, allowed: `a whole number of days from 1 to ${MAX_DELIVERY_DAYS}` },
} satisfies Record<string, { rule: z.ZodType; allowed: string; secret?: boolean }>;

type Name = keyof typeof variables;
type Environment = Record<string, string | undefined>;

/**
 * Reads the settings. An empty value counts as absent, as `.env` files and compose files write it. Paths are taken from
 * the folder Sluice is started in.
 * @throws SetupError with one sentence for each variable that is wrong or unknown
 */
export function readSettings(env: Environment = process.env): Settings {
  const problems: string[] = unknownNames(env).map(unknownVariable);
  const read = <N extends Name>(name: N): z.infer<(typeof variables)[N]["rule"]> | undefined => {
    const value = env[name]?.trim();
    if (!value) return undefined;
    const result = variables[name].rule.safeParse(value);
    if (result.success) return result.data as z.infer<(typeof variables)[N]["rule"]>;
    const shown = "secret" in variables[name] ? "the value it has" : `"${value}"`;
    problems.push(`${name} cannot be ${shown}. Allowed: ${variables[name].allowed}.`);
    return undefined;
  };
  const pipelines = read("SLUICE_PIPELINES");
  const settings: Settings = {
    port: read("PORT") ?? 4000,
    host: read("HOST") ?? "127.0.0.1",
    databaseUrl: read("DATABASE_URL"),
    dataDir: resolve(read("SLUICE_DATA_DIR") ?? ".sluice"),
    adminToken: read("SLUICE_ADMIN_TOKEN"),
    token: read("SLUICE_TOKEN"),
    authSecret: read("SLUICE_AUTH_SECRET"),
    gates: read("SLUICE_GATES") ?? "on",
    pipelinesFile: pipelines && resolve(pipelines),
    worker: read("SLUICE_WORKER") ?? "embedded",
    logLevel: read("LOG_LEVEL") ?? "info",
    publicUrl: read("SLUICE_PUBLIC_URL"),
    smtpUrl: read("SLUICE_SMTP_URL"),
    mailFrom: read("SLUICE_MAIL_FROM"),
    webhooksPrivate: read("SLUICE_WEBHOOKS_PRIVATE") ?? "off",
    deliveryDays: read("SLUICE_DELIVERY_DAYS") ?? DELIVERY_DAYS,
    graphiql: env.NODE_ENV !== "production",
  };
  if (settings.smtpUrl && !env.SLUICE_MAIL_FROM?.trim()) {
    problems.push("SLUICE_SMTP_URL needs SLUICE_MAIL_FROM beside it: whom the mail is from.");
  }
  if (problems.length > 0) throw new SetupError(problems.join("\n"));
  return settings;
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  return isWeb && url.pathname === "/" && !url.search && !url.hash && !url.username;
}

function isMailServer(text: string): boolean {
  const url = URL.parse(text);
  return (url?.protocol === "smtp:" || url?.protocol === "smtps:") && url.hostname !== "" && url.pathname.length <= 1;
}

/** A misspelt name would otherwise be ignored in silence, and the default would hold. */
function unknownNames(env: Environment): string[] {
  return Object.keys(env).filter(
    (name) =>
      name.startsWith("SLUICE_") && !name.startsWith(ALERT_PREFIX) && !(name in variables) && !OF_PROGRAMS.has(name),
  );
}

/** What programs that speak to the API are told, such as the workers of the guide; often set in the same shell. */
const OF_PROGRAMS: ReadonlySet<string> = new Set(["SLUICE_URL", "SLUICE_API_KEY"]);

/** What `listen --exec` tells its command, which may well run another command of Sluice. */
const ALERT_PREFIX = "SLUICE_ALERT_";

/** This process's environment with more in it, for a command that it runs. */
export function inheritedEnvironment(more: Environment): Environment {
  return { ...process.env, ...more };
}

function unknownVariable(name: string): string {
  const known = Object.keys(variables).filter((other) => other.startsWith("SLUICE_"));
  const nearest = known.map((other) => ({ other, far: distance(name, other) })).sort((a, b) => a.far - b.far)[0];
  const hint = nearest && nearest.far <= 4 ? `Did you mean ${nearest.other}?` : `Known are ${known.join(", ")}.`;
  return `${name} is not a setting of Sluice. ${hint}`;
}

/** Levenshtein's: how many letters to add, leave out or change. */
function distance(from: string, to: string): number {
  let row = [...Array(to.length + 1).keys()];
  for (const letter of from) {
    const above = row;
    row = [above[0]! + 1];
    for (let column = 1; column <= to.length; column++) {
      const changed = above[column - 1]! + (letter === to[column - 1] ? 0 : 1);
      row.push(Math.min(above[column]! + 1, row[column - 1]! + 1, changed));
    }
  }
  return row[to.length]!;
}
