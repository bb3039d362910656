import { defineKind, GeneratorSettingsError } from "@sluice/engine";
import { aiGenerator } from "./generator.ts";
import { readObjectSchema } from "./object-schema.ts";
import { needsKey } from "./provider-models.ts";
import { aiSettings } from "./settings.ts";

export const aiKind = defineKind({
  kind: "ai",
  description:
    "A model of OpenAI, Anthropic, Google, or of any server that speaks OpenAI's API: texts, images, objects.",
  settings: aiSettings,
  create(name, settings) {
    const { provider, output, base_url, api_key, schema } = settings;
    if (provider === "openai-compatible" && base_url === undefined) {
      throw new GeneratorSettingsError(
        'The provider "openai-compatible" needs a "base_url", such as http://127.0.0.1:11434/v1.',
        ["provider"],
      );
    }
    if (needsKey(provider) && api_key === undefined) {
      const variable = `${provider.toUpperCase()}_API_KEY`;
      throw new GeneratorSettingsError(`The provider "${provider}" needs a key: api_key: \${${variable}}.`, [
        "provider",
      ]);
    }
    if (provider === "anthropic" && output === "image") {
      throw new GeneratorSettingsError('The provider "anthropic" has no image models.', ["output"]);
    }
    if (schema && output !== "object") {
      throw new GeneratorSettingsError('"schema" is for "output: object".', ["schema"]);
    }
    if (schema) {
      const read = readObjectSchema(schema);
      if ("problem" in read) throw new GeneratorSettingsError(`The setting "schema" ${read.problem}`, ["schema"]);
    }
    return aiGenerator(name, settings);
  },
});
