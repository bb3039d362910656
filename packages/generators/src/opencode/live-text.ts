import type { Message, Part } from "./payloads.ts";

/** What a model may write before the rest is no longer shown: more than a candidate may have. */
const LONGEST = 1_000_000;
/** For a beginning that nobody here has seen. */
const CUT = "… ";

/**
 * What the agent is writing: the text of its newest message, put together from events. Its earlier messages, between
 * which it uses tools, say what it is about to do.
 */
export interface LiveText {
  /** Where only the agent's messages count: a person's come as events too. */
  message(info: { readonly id: string; readonly role: string }): void;
  part(messageId: string, part: Part): void;
  delta(messageId: string, partId: string, delta: string): void;
  /** Begins again from all messages, after events may have been missed. */
  reset(messages: readonly Message[]): void;
  text(): string;
}

export function liveText(): LiveText {
  let newest: string | null = null;
  const agents = new Set<string>();
  const parts = new Map<string, string>();

  const begin = (messageId: string): void => {
    newest = messageId;
    parts.clear();
  };
  return {
    message({ id, role }) {
      if (role !== "assistant" || agents.has(id)) return;
      agents.add(id);
      begin(id);
    },
    part(messageId, part) {
      if (messageId === newest && isAnswer(part)) parts.set(part.id, part.text ?? "");
    },
    delta(messageId, partId, delta) {
      const before = parts.get(partId);
      // A part that was not announced is not the answer: it may be what the model thinks.
      if (messageId === newest && before !== undefined && before.length < LONGEST) parts.set(partId, before + delta);
    },
    reset(messages) {
      for (const { info } of messages) if (info.role === "assistant") agents.add(info.id);
      const last = messages.findLast(({ info }) => info.role === "assistant");
      if (!last) return;
      // OpenCode stores a text when it is complete; until then only who followed the events knows it.
      const followed = last.info.id === newest ? new Map(parts) : null;
      begin(last.info.id);
      for (const part of last.parts) {
        if (isAnswer(part)) parts.set(part.id, part.text || (followed?.get(part.id) ?? CUT));
      }
    },
    text: () => [...parts.values()].filter((text) => text !== "" && text !== CUT).join("\n\n"),
  };
}

/** Whether a part is written by the model, and for people. */
export function isAnswer(part: Part): boolean {
  return part.type === "text" && !part.synthetic && !part.ignored;
}
