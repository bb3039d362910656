import { parseDuration } from "@sluice/engine";
import { z } from "zod";

const action = z.enum(["allow", "deny", "ask"], { error: "must be allow, deny or ask" });

const model = (what: string) =>
  z.string().regex(/^[^/\s]+\/\S+$/, {
    error: `${what}must be a provider and one of its models, such as anthropic/claude-sonnet-4-5`,
  });

/** What an entry of the kind `opencode` says. */
export const opencodeSettings = z.strictObject({
  url: z
    .url({
      protocol: /^https?$/,
      error: '"url" must be where the OpenCode server is reached, such as http://127.0.0.1:4096.',
    })
    .refine((url) => !hasCredentials(url), {
      error: '"url" must not have a name and a password in it: they are "username" and "password".',
    })
    .describe("Where the OpenCode server (`opencode serve`) is reached, such as http://127.0.0.1:4096."),
  username: z
    .string()
    .min(1)
    .default("opencode")
    .describe("The name that goes with the password; OpenCode's own is opencode."),
  password: z
    .string()
    .min(1, { error: '"password" must not be empty: leave it out where the server asks for none.' })
    .optional()
    .describe(`What the server was started with as OPENCODE_SERVER_PASSWORD, such as \${OPENCODE_SERVER_PASSWORD}.`),
  directory: z
    .string()
    .refine(isAbsolute, { error: '"directory" must be a full path on the machine of the OpenCode server.' })
    .optional()
    .describe("Folder that the agents work in, on the machine of the OpenCode server. Left out: the one it runs in."),
  default_agent: z
    .string()
    .min(1)
    .default("build")
    .describe("The OpenCode agent of steps and agents that name none with `opencode_agent`."),
  default_model: model('"default_model" ')
    .optional()
    .describe(
      "Provider and model where neither the step's agent nor the OpenCode agent has one, such as anthropic/claude-sonnet-4-5.",
    ),
  permissions: z
    .record(z.string().min(1), z.union([action, z.record(z.string().min(1), action)]), {
      error: '"permissions" must be a mapping, such as { read: allow, bash: { "git *": allow } }',
    })
    .default({})
    .describe(
      'What agents may do, as OpenCode writes it: { read: allow, bash: { "git *": allow } }. The last that fits counts; what is not there is denied. `ask` is refused as well, and noted with the candidate.',
    ),
  concurrency: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      "Jobs at a time, over all workers. Left out: 1 where `permissions` are given, since agents then share a folder; otherwise as many as the workers take.",
    ),
  timeout: z
    .union([z.string(), z.number()], { error: '"timeout" must be a span of time, such as 10m.' })
    .refine((value) => parseDuration(value) !== undefined, {
      error: '"timeout" must be a span of time of at least a second, such as 10m, or a number of seconds.',
    })
    .default("10m")
    .describe("How long an agent may take for a candidate; then it is stopped, and the job tried again."),
});

export type OpencodeSettings = z.infer<typeof opencodeSettings>;

const words = (name: string) => z.string({ error: `"${name}" must be a text` }).max(20_000);

/** What a step, or the agent of a step, says. */
export const opencodeStep = z.strictObject({
  agent: words("agent").optional(),
  opencodeAgent: words("opencodeAgent").min(1).optional(),
  model: model("").optional(),
  instructions: words("instructions").optional(),
  systemPromptAdditions: words("systemPromptAdditions").optional(),
  description: words("description").optional(),
});

export type OpencodeStep = z.infer<typeof opencodeStep>;

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

/** Of either kind of machine: the server's may be another one. */
function isAbsolute(path: string): boolean {
  return /^(?:\/|[a-zA-Z]:[\\/]|\\\\)/.test(path);
}
