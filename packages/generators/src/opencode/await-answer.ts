import { type GenerateContext, GeneratorError } from "@sluice/engine";
import type { OpencodeClient } from "./client.ts";
import { followEvents } from "./follow-events.ts";
import { OpencodeUnreachable } from "./http.ts";
import { modelFailure } from "./model-error.ts";
import { nudge } from "./nudge.ts";
import { observeSession, type SessionObserver, WORKING } from "./observe-session.ts";
import type { Message } from "./payloads.ts";
import { type AskRefuser, askRefuser } from "./refuse-asks.ts";

export interface AnswerDeps {
  readonly client: OpencodeClient;
  readonly context: Pick<GenerateContext, "progress" | "write" | "log">;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** What an agent has done, once its session is idle. */
export interface Answer {
  readonly messages: readonly Message[];
  /** What it asked for, in sentences. */
  readonly refused: readonly string[];
}

/** How often a session is asked for; events make it sooner. */
const POLL_MS = 3_000;
/** An idle session without an answer: it has not begun yet, or is just writing its last message down. */
const SETTLING_MS = 250;
const SETTLE_WITHIN_MS = 10_000;
/** A server that is restarted comes back, with its sessions. */
const OUTAGE_MS = 120_000;
/** OpenCode asks a provider that fails again, ever slower and without an end. */
const PROVIDER_ATTEMPTS = 3;

/**
 * Waits until the agent is done, shows what it writes, and refuses what it asks for.
 *
 * @param begin called once events are followed
 * @throws GeneratorError when no answer is to be expected; the signal's reason when that is aborted
 */
export async function awaitAnswer(deps: AnswerDeps, begin: () => Promise<void>): Promise<Answer> {
  const { client, context, sessionId } = deps;
  const ended = new AbortController();
  const signal = AbortSignal.any([deps.signal, ended.signal]);
  const asks = askRefuser(client, sessionId, (sentence) => {
    context.log(sentence);
    context.progress(WORKING, sentence);
  });
  const look = nudge();
  const seen = observeSession(sessionId, context, look.nudge);
  try {
    await followEvents(client, seen, signal);
    await begin();
    return { messages: await untilDone(deps, { asks, seen, look }), refused: asks.refused };
  } finally {
    ended.abort();
  }
}

async function untilDone(
  { client, context, sessionId, signal }: AnswerDeps,
  { asks, seen, look }: { asks: AskRefuser; seen: SessionObserver; look: ReturnType<typeof nudge> },
): Promise<readonly Message[]> {
  let idleSince: number | null = null;
  let answeredAt = Date.now();
  let retried = 0;
  for (;;) {
    let pause = POLL_MS;
    try {
      await asks.refuse(signal);
      const status = (await client.statuses(signal))[sessionId] ?? { type: "idle" };
      const idle = status.type === "idle";
      if (idle || seen.hasMissed()) {
        const messages = await client.messages(sessionId, signal);
        if (messages === null) {
          throw new GeneratorError("The session was deleted at OpenCode before the agent was done.", {
            retryable: true,
          });
        }
        seen.catchUp(messages);
        if (idle && isComplete(messages)) return messages;
      }
      answeredAt = Date.now();
      if (idle) {
        const failure = seen.failure();
        if (failure) throw modelFailure(failure);
        idleSince ??= Date.now();
        if (Date.now() - idleSince > SETTLE_WITHIN_MS) {
          throw new GeneratorError(
            "OpenCode no longer works on the session, and there is no answer in it: its server was restarted, perhaps.",
            { retryable: true },
          );
        }
        pause = SETTLING_MS;
      } else idleSince = null;
      if (status.type === "retry" && (status.attempt ?? 0) > retried) {
        retried = status.attempt ?? 0;
        const sentence = `The model's provider failed (${status.message ?? "it does not say why"}); OpenCode asks it again.`;
        context.log(sentence);
        context.progress(WORKING, sentence);
        if (retried >= PROVIDER_ATTEMPTS) {
          throw new GeneratorError(
            `The model's provider failed ${retried} times in a row (${status.message ?? "it does not say why"}).`,
            { retryable: true },
          );
        }
      }
    } catch (error) {
      if (!(error instanceof OpencodeUnreachable) || Date.now() - answeredAt > OUTAGE_MS) throw error;
      pause = 1_000;
    }
    await look.wait(pause, signal);
  }
}

function isComplete(messages: readonly Message[]): boolean {
  const info = messages.at(-1)?.info;
  return info?.role === "assistant" && (info.error != null || info.time.completed != null);
}
