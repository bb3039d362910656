import { storableText } from "../rules/storable.ts";
import type { Usage } from "./generator.ts";

/** US dollars of one attempt. More is a mistake, by which a run would spend nothing ever after. */
export const MAX_COST_USD = 1_000_000;

/** US dollars of an attempt; null where the generator does not say, or says something that is no amount. */
export function costOf(usage: Usage | undefined): number | null {
  return usageColumns(usage)[1];
}

/** Model, cost, tokens in and out; null for what the generator does not say, or says in a way that is no amount. */
export function usageColumns(
  usage: Usage | undefined,
): [model: string | null, cost: number | null, input: number | null, output: number | null] {
  const amount = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) && value >= 0 ? value : null;
  const tokens = (value: number | undefined): number | null =>
    amount(value) === null ? null : Math.min(Math.round(value!), 2_147_483_647);
  return [
    usage?.model ? storableText(usage.model, 200) : null,
    usage?.costUsd !== undefined && usage.costUsd > MAX_COST_USD ? null : amount(usage?.costUsd),
    tokens(usage?.inputTokens),
    tokens(usage?.outputTokens),
  ];
}
