import { GeneratorError, type GeneratorHealth } from "@sluice/engine";
import { chooseAgent } from "./choose-agent.ts";
import type { OpencodeClient } from "./client.ts";
import type { OpencodeSettings } from "./settings.ts";

/** Whether the server answers, and has the agent and the model that steps without their own would get. */
export async function checkOpencode(
  client: OpencodeClient,
  settings: Pick<OpencodeSettings, "default_agent" | "default_model">,
  signal: AbortSignal,
): Promise<GeneratorHealth> {
  let version: string | undefined;
  try {
    ({ version } = await client.health(signal));
    const { agent, model } = await chooseAgent(client, settings, {}, signal);
    const detail = `OpenCode ${version} answers; its agent ${agent} works with ${model.providerID}/${model.modelID}.`;
    return { ok: true, detail, version };
  } catch (error) {
    const detail = error instanceof GeneratorError ? error.message : "The OpenCode server did not answer in time.";
    return { ok: false, detail, version };
  }
}
