import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { concurrency, duration, media, stepSettings } from "../outside/settings.ts";

/** What an entry of the kind `http` says. */
export const httpSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: '"url" must be an address such as https://pictures.example.org/jobs.' })
    .refine((url) => !hasCredentials(url), {
      error: '"url" must not have a name and a password in it: send them with "headers", as authorization: "Basic …".',
    })
    .describe("Where jobs are sent, by POST."),
  secret: z
    .string()
    .refine(isSecret, {
      error:
        '"secret" must be the base64 of random bytes, with or without whsec_ before it. `openssl rand -base64 32` makes one.',
    })
    .describe(`What requests are signed with, as Standard Webhooks has it, such as \${PICTURES_SECRET}.`),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no name of an HTTP header"), z.string())
    .default({})
    .describe("Headers sent with every request."),
  media: media.describe("What it makes: image or text."),
  timeout: duration("timeout", "60s").default("60s").describe("How long the answer to a request may take."),
  lease: duration("lease", "10m")
    .default("10m")
    .describe("How long a receiver that answers 202 has from the request on, until it answers or sends a heartbeat."),
  callback: z
    .boolean()
    .default(true)
    .describe("Whether a receiver may answer 202 and send the candidate later. Off: it answers every request at once."),
  parent_image: z
    .enum(["url", "base64"], { error: '"parent_image" must be url or base64.' })
    .default("url")
    .describe("How the parent's picture is sent: by its address at Sluice, which takes a key, or within the request."),
  max_answer_mb: z.number().min(0.001).max(256).default(48).describe("Megabytes that an answer may have."),
  step_settings: stepSettings,
  concurrency,
});

export type HttpSettings = z.infer<typeof httpSettings>;

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

function isSecret(secret: string): boolean {
  try {
    return new Webhook(secret) !== null;
  } catch {
    return false;
  }
}
