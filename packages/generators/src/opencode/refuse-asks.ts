import type { OpencodeClient } from "./client.ts";

/** What the agent reads as the answer of a person. */
const ANSWER = "Nobody is here to allow this. Go on without it, and say in your answer what you left out.";
/** How deep agents may have begun sessions within sessions. */
const DEEPEST = 8;
const LONGEST = 300;

export interface AskRefuser {
  /** Refuses all that the session, or one that it began, waits for. */
  refuse(signal: AbortSignal): Promise<void>;
  /** What was asked, in sentences. */
  readonly refused: readonly string[];
}

/**
 * Answers what agents ask of a person: nobody is there, and an ask that is not answered waits for ever.
 *
 * @param tell is given a sentence about each
 */
export function askRefuser(client: OpencodeClient, sessionId: string, tell: (sentence: string) => void): AskRefuser {
  const refused: string[] = [];
  const known = new Map([[sessionId, true]]);

  const isOurs = async (id: string, signal: AbortSignal, depth = 0): Promise<boolean> => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const parent = depth < DEEPEST ? (await client.session(id, signal))?.parentID : null;
    const ours = parent ? await isOurs(parent, signal, depth + 1) : false;
    known.set(id, ours);
    return ours;
  };
  const note = (sentence: string): void => {
    if (refused.includes(sentence)) return;
    refused.push(sentence);
    tell(sentence);
  };

  return {
    refused,
    async refuse(signal) {
      const [permissions, questions] = await Promise.all([client.permissionAsks(signal), client.questionAsks(signal)]);
      for (const { id, sessionID, permission, patterns } of permissions) {
        if (!(await isOurs(sessionID, signal))) continue;
        note(
          `The agent asked for the permission "${permission}"${shown(patterns.join(", "))}, and was refused: nobody is there to ask.`,
        );
        await client.refusePermission(id, ANSWER, signal);
      }
      for (const { id, sessionID, questions: asked } of questions) {
        if (!(await isOurs(sessionID, signal))) continue;
        note(
          `The agent asked a question${shown(asked.map(({ question }) => question).join(" "))}: nobody is there to answer.`,
        );
        await client.refuseQuestion(id, signal);
      }
    },
  };
}

function shown(text: string): string {
  if (text === "") return "";
  return ` (${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text})`;
}
