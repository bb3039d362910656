import { GeneratorError } from "@sluice/engine";
import { z } from "zod";
import type { OpencodeHttp } from "./http.ts";
import * as payloads from "./payloads.ts";
import type { PermissionRule } from "./permissions.ts";

export interface Prompt {
  readonly agent: string;
  readonly model: { readonly providerID: string; readonly modelID: string };
  readonly system?: string;
  readonly parts: readonly (
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "file"; readonly mime: string; readonly url: string }
  )[];
}

export type OpencodeClient = ReturnType<typeof opencodeClient>;

const anything = z.unknown();
/** A request that meets a server on its start may never be answered (seen with 1.18.33); the next one is. */
const POLL_TIMEOUT_MS = 10_000;

/** What is used of an OpenCode server's API. Each call throws as `OpencodeHttp` does. */
export function opencodeClient(http: OpencodeHttp) {
  const get = async <Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal) =>
    there(await http.json(path, schema, { signal, always: true }));
  const poll = async <Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal) =>
    there(await http.json(path, schema, { signal, timeoutMs: POLL_TIMEOUT_MS, always: true }));
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    http.json(path, anything, { method: "POST", body, signal });
  return {
    health: (signal: AbortSignal) => get("/global/health", payloads.health, signal),
    agents: (signal: AbortSignal) => get("/agent", payloads.agents, signal),
    providers: async (signal: AbortSignal) => (await get("/config/providers", payloads.providers, signal)).providers,
    /** The model of the server's own configuration. */
    defaultModel: async (signal: AbortSignal) => (await get("/config", payloads.config, signal)).model ?? null,

    createSession: async (title: string, permission: readonly PermissionRule[], signal: AbortSignal) =>
      there(await http.json("/session", payloads.session, { method: "POST", body: { title, permission }, signal })),
    /** @returns null for a session that is not there any more */
    session: (id: string, signal: AbortSignal) => http.json(`/session/${id}`, payloads.session, { signal }),
    /** Sessions that the agent has begun for parts of its work. */
    children: async (id: string, signal: AbortSignal) =>
      (await http.json(`/session/${id}/children`, payloads.sessions, { signal })) ?? [],
    /** @returns null for a session that is not there any more */
    messages: (id: string, signal: AbortSignal) => http.json(`/session/${id}/message`, payloads.messages, { signal }),
    /** What the work on one message of a person has changed. */
    diff: async (id: string, messageId: string, signal: AbortSignal) =>
      (await http.json(`/session/${id}/diff?messageID=${messageId}`, payloads.diff, { signal })) ?? [],
    /** Of the sessions that are not idle. */
    statuses: (signal: AbortSignal) => poll("/session/status", payloads.statuses, signal),
    /** Begins the work and returns: what becomes of it is told by events, and found in the messages. */
    prompt: async (id: string, prompt: Prompt, signal: AbortSignal): Promise<void> => {
      there(await http.json(`/session/${id}/prompt_async`, anything, { method: "POST", body: prompt, signal }));
    },
    /** Stops the work; leaving a request is not enough for OpenCode. */
    abort: (id: string, signal: AbortSignal) => post(`/session/${id}/abort`, undefined, signal),
    delete: (id: string, signal: AbortSignal) => http.json(`/session/${id}`, anything, { method: "DELETE", signal }),

    permissionAsks: (signal: AbortSignal) => poll("/permission", payloads.permissionAsks, signal),
    questionAsks: (signal: AbortSignal) => poll("/question", payloads.questionAsks, signal),
    /** @param message what the agent is told */
    refusePermission: (id: string, message: string, signal: AbortSignal) =>
      post(`/permission/${id}/reply`, { reply: "reject", message }, signal),
    refuseQuestion: (id: string, signal: AbortSignal) => post(`/question/${id}/reject`, {}, signal),

    events: (signal: AbortSignal) => http.stream("/event", signal),
  };
}

function there<Value>(value: Value | null): Value {
  if (value !== null) return value;
  throw new GeneratorError("The session is no longer there at OpenCode: somebody has deleted it.", {
    retryable: true,
  });
}
