import {
  type GenerateContext,
  type Generated,
  type GenerateRequest,
  type Generator,
  GeneratorError,
  isUnwanted,
  parseDuration,
  type Usage,
} from "@sluice/engine";
import { readStepConfig, requireStepConfig } from "../step-config.ts";
import { awaitAnswer } from "./await-answer.ts";
import { changedFiles } from "./changes.ts";
import { chooseAgent } from "./choose-agent.ts";
import { type OpencodeClient, opencodeClient } from "./client.ts";
import { checkOpencode } from "./health.ts";
import { opencodeHttp } from "./http.ts";
import { promptFor, resumable, sessionTitle } from "./open-session.ts";
import { permissionRules } from "./permissions.ts";
import { readAnswer } from "./read-answer.ts";
import { type OpencodeSettings, opencodeStep } from "./settings.ts";
import { usageOf } from "./usage.ts";

/** For the requests that end a session; the job's own signal is aborted by then. */
const STOP_WITHIN_MS = 10_000;

/**
 * Agents that an OpenCode server runs: one session of it per candidate, whose id is the job's external id.
 *
 * A session that came to a candidate stays at OpenCode, to be read there; one that failed or is not wanted is stopped
 * and deleted. When the worker ends, the session goes on, and the next worker waits for it.
 */
export function opencodeGenerator(name: string, settings: OpencodeSettings): Generator {
  const client = opencodeClient(opencodeHttp(name, settings));
  const rules = permissionRules(settings.permissions);
  const timeoutMs = (parseDuration(settings.timeout) ?? 600) * 1_000;

  /** The session to wait in, and how to begin in it. */
  const open = async (request: GenerateRequest, context: GenerateContext, signal: AbortSignal) => {
    const step = requireStepConfig(name, opencodeStep, request.step.config);
    const earlier = context.externalId;
    const found = earlier === null ? null : await resumable(client, earlier, signal);
    if (earlier !== null) {
      context.log(found ? `Goes on with OpenCode's session ${earlier}.` : `OpenCode's session ${earlier} is gone.`);
    }
    if (found?.prompted && earlier !== null) {
      const agent = step.opencodeAgent ?? settings.default_agent;
      return { sessionId: earlier, agent, begin: async () => {}, warning: null };
    }
    context.progress(0.02, "Looks up the agent and its model.");
    const chosen = await chooseAgent(client, settings, step, signal);
    const { prompt, warning } = await promptFor(request, chosen);
    const sessionId = (found && earlier) ?? (await client.createSession(sessionTitle(request), rules, signal)).id;
    if (sessionId !== earlier) await context.saveExternalId(sessionId);
    context.log(
      `${chosen.agent} works with ${prompt.model.providerID}/${prompt.model.modelID} in session ${sessionId}.`,
    );
    return { sessionId, agent: chosen.agent, begin: () => client.prompt(sessionId, prompt, signal), warning };
  };

  return {
    name,
    media: "text",
    concurrency: settings.concurrency ?? (Object.keys(settings.permissions).length > 0 ? 1 : undefined),
    checkConfig(value) {
      const read = readStepConfig(name, opencodeStep, value);
      return "problem" in read ? read.problem : undefined;
    },
    check: (signal) => checkOpencode(client, settings, signal),
    discard: (externalId, signal) => endSession(client, externalId, signal),
    async generate(request, context): Promise<Generated> {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([context.signal, timeout]);
      let sessionId = context.externalId;
      try {
        const session = await open(request, context, signal);
        sessionId = session.sessionId;
        const answer = await awaitAnswer({ client, context, sessionId, signal }, session.begin);
        const [files, children] = await Promise.all([
          changedFiles(client, sessionId, answer.messages, signal),
          client.children(sessionId, signal),
        ]);
        const made = readAnswer(sessionId, session, answer, files, usageOf(answer.messages, children));
        return session.warning ? { ...made, warnings: [session.warning, ...(made.warnings ?? [])] } : made;
      } catch (error) {
        if (context.signal.aborted && !isUnwanted(context.signal)) throw context.signal.reason;
        const usage = sessionId === null ? undefined : await stopSession(client, sessionId, context);
        if (context.signal.aborted) throw unwantedAt(usage) ?? context.signal.reason;
        if (timeout.aborted) {
          throw new GeneratorError(
            `The agent was not done after ${settings.timeout}, and was stopped. Give it less to do, or the generator a longer "timeout".`,
            { retryable: true, usage },
          );
        }
        if (!(error instanceof GeneratorError)) throw error;
        const { message, retryable } = error;
        throw new GeneratorError(message, { retryable, cause: error, usage: error.usage ?? usage });
      }
    },
  };
}

/**
 * Ends what goes on in a session and removes it, as far as the server can be reached.
 *
 * @returns what it has cost, where that could still be read
 */
async function stopSession(
  client: OpencodeClient,
  sessionId: string,
  { log }: Pick<GenerateContext, "log">,
): Promise<Usage | undefined> {
  try {
    const usage = await endSession(client, sessionId, AbortSignal.timeout(STOP_WITHIN_MS));
    log(`Stopped and deleted OpenCode's session ${sessionId}.`);
    return usage;
  } catch {
    log(`OpenCode's session ${sessionId} could not be stopped: the server does not answer.`);
    return undefined;
  }
}

/** @returns what it has cost, where it is still there */
async function endSession(client: OpencodeClient, sessionId: string, signal: AbortSignal): Promise<Usage | undefined> {
  await client.abort(sessionId, signal);
  const messages = await client.messages(sessionId, signal);
  const usage = messages ? usageOf(messages, await client.children(sessionId, signal)) : undefined;
  await client.delete(sessionId, signal);
  return usage;
}

/** For a session that was stopped because nobody wants the candidate: what it has cost counts all the same. */
function unwantedAt(usage: Usage | undefined): GeneratorError | undefined {
  if (!usage?.costUsd) return undefined;
  return new GeneratorError("Nobody wants this candidate any more.", { retryable: false, usage });
}
