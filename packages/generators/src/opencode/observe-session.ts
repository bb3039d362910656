import type { GenerateContext } from "@sluice/engine";
import type { EventFollower } from "./follow-events.ts";
import { liveText } from "./live-text.ts";
import * as payloads from "./payloads.ts";

export interface SessionObserver extends EventFollower {
  /** The last error that was told of the session, which no message may have yet. */
  failure(): payloads.ModelError | null;
  /** After a connection: what was told before it has to be looked up. */
  hasMissed(): boolean;
  catchUp(messages: readonly payloads.Message[]): void;
}

/** There is no telling how far an agent is. */
export const WORKING = 0.1;

const WORTH_A_LOOK = new Set([
  "session.idle",
  "session.status",
  "session.error",
  "session.deleted",
  "permission.asked",
  "permission.v2.asked",
  "question.asked",
  "question.v2.asked",
]);

/**
 * Keeps what the events tell of one session, and passes on what people see of it.
 *
 * @param nudge called when it is worth asking how the session is
 */
export function observeSession(
  sessionId: string,
  context: Pick<GenerateContext, "progress" | "write" | "log">,
  nudge: () => void,
): SessionObserver {
  const live = liveText();
  let failure: payloads.ModelError | null = null;
  let missed = false;
  const using = new Set<string>();

  const show = (): void => {
    const text = live.text();
    if (text !== "") context.write(text);
  };
  const onPart = ({ part }: { part: payloads.Part & { messageID: string } }): void => {
    live.part(part.messageID, part);
    const status = part.state?.status;
    if (!part.tool || !status) return;
    if (status === "running" && !using.has(part.id)) {
      using.add(part.id);
      context.progress(WORKING, `The agent uses ${part.tool}.`);
    }
    if (status === "completed") context.log(`${part.tool}: done`);
    if (status === "error") context.log(`${part.tool}: ${part.state?.error ?? "failed"}`);
  };

  return {
    failure: () => failure,
    hasMissed: () => missed,
    catchUp(messages: readonly payloads.Message[]) {
      missed = false;
      live.reset(messages);
      show();
    },
    onConnected() {
      missed = true;
      nudge();
    },
    onEvent(type, properties) {
      // An ask may be of a session that the agent has begun.
      if (WORTH_A_LOOK.has(type)) nudge();
      const { sessionID } = properties as { readonly sessionID?: unknown };
      if (sessionID !== sessionId) return;
      switch (type) {
        case "message.updated":
          return read(payloads.messageUpdated, properties, ({ info }) => live.message(info));
        case "message.part.updated":
          return read(payloads.partUpdated, properties, (update) => {
            onPart(update);
            show();
          });
        case "message.part.delta":
          return read(payloads.partDelta, properties, ({ messageID, partID, field, delta }) => {
            if (field !== "text") return;
            live.delta(messageID, partID, delta);
            show();
          });
        case "session.error":
          return read(payloads.sessionFailed, properties, ({ error }) => {
            failure = error;
          });
        default:
          return;
      }
    },
  };
}

function read<Value>(
  schema: { safeParse(value: unknown): { success: true; data: Value } | { success: false } },
  value: unknown,
  use: (value: Value) => void,
): void {
  const parsed = schema.safeParse(value);
  if (parsed.success) use(parsed.data);
}
