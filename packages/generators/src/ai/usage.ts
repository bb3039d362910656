import type { Usage } from "@sluice/engine";
import type { Prices } from "./settings.ts";

export interface Counted {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly images?: number | undefined;
}

const MILLION = 1_000_000;

/**
 * What a call has used. The cost is known where each thing that was counted has a price; an image without a price of its
 * own is paid by tokens.
 */
export function usageOf(
  model: string,
  { inputTokens, outputTokens, images = 0 }: Counted,
  prices: Prices | undefined,
): Usage {
  return { model, inputTokens, outputTokens, costUsd: prices && cost({ inputTokens, outputTokens, images }, prices) };
}

function cost({ inputTokens, outputTokens, images = 0 }: Counted, prices: Prices): number | undefined {
  if (images > 0 && prices.image !== undefined) return images * prices.image;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  if (prices.input === undefined && prices.output === undefined) return undefined;
  return ((inputTokens ?? 0) * (prices.input ?? 0) + (outputTokens ?? 0) * (prices.output ?? 0)) / MILLION;
}
