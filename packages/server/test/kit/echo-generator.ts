import type { Generator } from "@sluice/engine";

/** A generator that answers at once with a text of the wanted length: `config: { length: 1000 }`. */
export function echoGenerator(name = "echo"): Generator {
  return {
    name,
    media: "text",
    checkConfig: () => undefined,
    generate: async ({ seed, step }) => {
      const { length } = step.config as { readonly length?: number };
      return { assets: [], text: `${seed} `.padEnd(length ?? 0, "."), meta: {} };
    },
  };
}
