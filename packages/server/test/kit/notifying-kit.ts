import type { AttemptMade } from "../../src/notifications/deliver.ts";
import { echoGenerator } from "./echo-generator.ts";
import { type Inbox, inbox } from "./inbox.ts";
import { type ServerKit, type ServerKitOptions, serverKit } from "./server-kit.ts";
import { type NewRun, newRun, untilStep } from "./steps.ts";

export interface NotifyingKit extends ServerKit {
  /** Attempts that are written down, of all servers of the kit. */
  readonly attempts: Inbox<AttemptMade>;
}

/** A server with a worker that looks for what is to be told all the time, and that may tell receivers on this machine. */
export async function notifyingKit(options: ServerKitOptions = {}): Promise<NotifyingKit> {
  const attempts = inbox<AttemptMade>();
  const kit = await serverKit({
    worker: true,
    generators: [echoGenerator()],
    webhooksPrivate: "on",
    ...options,
    notifications: { intervalMs: 20, delays: [20, 20, 20], onAttempt: attempts.add, ...options.notifications },
  });
  return { ...kit, attempts };
}

export interface Hook {
  readonly id: string;
  readonly secret: string;
}

export async function createWebhook(kit: ServerKit, input: object): Promise<Hook> {
  const { createWebhook } = await kit.graphql<{
    createWebhook: { message?: string; secret: string; webhook: { id: string } };
  }>(
    `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
       ... on Error { message } ... on CreateWebhookSuccess { secret webhook { id } } } }`,
    { input },
  );
  if (createWebhook.message) throw new Error(createWebhook.message);
  return { id: createWebhook.webhook.id, secret: createWebhook.secret };
}

/** A run whose first gate waits, with another gate behind it. `policy` is added to the first step. */
export async function gateThatWaits(
  kit: ServerKit,
  input: object = {},
  policy = "",
): Promise<NewRun & { readonly stepId: string }> {
  const step = (name: string, more = "") =>
    `{ name: ${name}, type: generate, generator: echo, n: 2, k: 1, gate: manual${more} }`;
  const run = await newRun(kit, [step("Form", policy), step("Colour")], { reviewFirstStep: true, ...input });
  const stepId = run.stepIds[0] as string;
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  return { ...run, stepId };
}

/** The delivery log of one webhook, newest first. */
export async function deliveriesOf(kit: ServerKit, hook: Hook): Promise<readonly LoggedDelivery[]> {
  const { node } = await kit.graphql<{ node: { deliveries: { edges: { node: LoggedDelivery }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Webhook { deliveries(first: 50) { edges { node {
       id eventType status error messageId nextAttemptAt replayOf { id } attempts { attempt responseStatus error } } } } } } }`,
    { id: hook.id },
  );
  return node.deliveries.edges.map((edge) => edge.node);
}

export interface LoggedDelivery {
  readonly id: string;
  readonly eventType: string | null;
  readonly status: string;
  readonly error: string | null;
  readonly messageId: string;
  readonly nextAttemptAt: string | null;
  readonly replayOf: { readonly id: string } | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly responseStatus: number | null;
    readonly error: string | null;
  }[];
}
