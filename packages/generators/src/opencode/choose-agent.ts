import { GeneratorError } from "@sluice/engine";
import type { OpencodeClient } from "./client.ts";
import type { OpencodeAgent, OpencodeProvider } from "./payloads.ts";
import type { OpencodeSettings, OpencodeStep } from "./settings.ts";

export interface Chosen {
  readonly agent: string;
  readonly model: { readonly providerID: string; readonly modelID: string };
  /** Whether the model takes pictures. */
  readonly seesPictures: boolean;
}

/** How many names an error lists. */
const LISTED = 20;

/**
 * The agent and the model of a job, looked up first: with a name that it does not know, OpenCode fails with a mere
 * reference to its log, and keeps the bad name for the session.
 *
 * @throws GeneratorError that no retry mends, and that names what there is
 */
export async function chooseAgent(
  client: OpencodeClient,
  settings: Pick<OpencodeSettings, "default_agent" | "default_model">,
  step: OpencodeStep,
  signal: AbortSignal,
): Promise<Chosen> {
  const [agents, providers] = await Promise.all([client.agents(signal), client.providers(signal)]);
  const agent = agentNamed(step.opencodeAgent ?? settings.default_agent, agents);
  const own = agent.model && `${agent.model.providerID}/${agent.model.modelID}`;
  const name = step.model ?? own ?? settings.default_model ?? (await client.defaultModel(signal));
  return { agent: agent.name, ...modelNamed(name, agent.name, providers) };
}

function agentNamed(name: string, agents: readonly OpencodeAgent[]): OpencodeAgent {
  const usable = agents.filter(({ mode, hidden }) => mode !== "subagent" && !hidden);
  const found = usable.find((agent) => agent.name === name);
  if (found) return found;
  const there = `There ${usable.length === 1 ? "is" : "are"}: ${list(usable.map((agent) => agent.name))}.`;
  throw new GeneratorError(
    agents.some((agent) => agent.name === name)
      ? `The OpenCode agent "${name}" works for other agents only: its mode must be primary or all. ${there}`
      : `OpenCode has no agent named "${name}". ${there}`,
    { retryable: false },
  );
}

function modelNamed(name: string | null, agent: string, providers: readonly OpencodeProvider[]): Omit<Chosen, "agent"> {
  if (!name) {
    throw new GeneratorError(
      `No model is set for the OpenCode agent "${agent}": give the generator a "default_model" such as ${example(providers)}.`,
      { retryable: false },
    );
  }
  const slash = name.indexOf("/");
  const [providerID, modelID] = [name.slice(0, slash), name.slice(slash + 1)];
  const provider = providers.find(({ id }) => id === providerID);
  if (!provider) {
    throw new GeneratorError(
      `OpenCode has no provider "${providerID}" (of the model ${name}), or no key for it. There is: ${list(providers.map(({ id }) => id))}.`,
      { retryable: false },
    );
  }
  // `Object.hasOwn`: the names come from people.
  const model = Object.hasOwn(provider.models, modelID) ? provider.models[modelID] : undefined;
  if (!model) {
    throw new GeneratorError(
      `OpenCode's provider "${providerID}" has no model "${modelID}". It has: ${list(Object.keys(provider.models))}.`,
      { retryable: false },
    );
  }
  return { model: { providerID, modelID }, seesPictures: model.capabilities?.input?.image === true };
}

function example(providers: readonly OpencodeProvider[]): string {
  for (const { id, models } of providers) {
    const [model] = Object.keys(models);
    if (model !== undefined) return `${id}/${model}`;
  }
  return "anthropic/claude-sonnet-4-5";
}

function list(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, LISTED).join(", ");
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}
