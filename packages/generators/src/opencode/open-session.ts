import type { GenerateRequest } from "@sluice/engine";
import { composePrompt } from "../prompt/compose-prompt.ts";
import type { Chosen } from "./choose-agent.ts";
import type { OpencodeClient, Prompt } from "./client.ts";

/** Larger pictures are not sent: they go within the prompt. */
const MAX_PICTURE_BYTES = 20 * 1024 * 1024;

/** How a session is called in OpenCode's own lists. */
export function sessionTitle({ run, step, ordinal, jobId }: GenerateRequest): string {
  return `Sluice: ${run.name} · ${step.name} · ${ordinal} (job ${jobId})`.slice(0, 200);
}

/**
 * Whether a session that an earlier attempt has begun can be gone on with.
 *
 * @returns null when it is not there any more; otherwise whether it was prompted already
 */
export async function resumable(
  client: OpencodeClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<{ prompted: boolean } | null> {
  const messages = await client.messages(sessionId, signal);
  return messages && { prompted: messages.length > 0 };
}

/** What the agent is told; and in a sentence what it could not be. */
export async function promptFor(
  request: GenerateRequest,
  { agent, model, seesPictures }: Chosen,
): Promise<{ prompt: Prompt; warning: string | null }> {
  const { system, prompt } = composePrompt(request);
  const picture = await parentPicture(request, seesPictures);
  return {
    prompt: {
      agent,
      model,
      ...(system === null ? {} : { system }),
      parts: [{ type: "text", text: prompt }, ...(picture?.part ? [picture.part] : [])],
    },
    warning: picture?.warning ?? null,
  };
}

async function parentPicture({ parent }: GenerateRequest, seesPictures: boolean) {
  const asset = parent?.asset;
  if (!asset) return null;
  if (!seesPictures) {
    return {
      part: null,
      warning: "The agent was not shown the parent's picture: OpenCode lists its model as one that takes none.",
    };
  }
  const bytes = await asset.bytes();
  if (bytes.byteLength > MAX_PICTURE_BYTES) {
    return { part: null, warning: "The agent was not shown the parent's picture: it is larger than 20 MB." };
  }
  const url = `data:${asset.mediaType};base64,${Buffer.from(bytes).toString("base64")}`;
  return { part: { type: "file" as const, mime: asset.mediaType, url }, warning: null };
}
