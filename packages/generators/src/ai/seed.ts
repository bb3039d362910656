import type { AiSettings } from "./settings.ts";

/** Some servers keep a seed as a signed 32-bit number. */
const LARGEST = 0x7fff_ffff;

/**
 * The seed that is sent: where the operator says so, or else for texts of the providers that take one. The others would
 * answer every candidate with a warning, and servers for images are not agreed on it.
 */
export function seedFor({ provider, output, seed }: AiSettings, ofJob: number): number | undefined {
  const sent = seed ?? (output !== "image" && (provider === "google" || provider === "openai-compatible"));
  return sent ? ofJob & LARGEST : undefined;
}
