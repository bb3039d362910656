import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types and documents come from the printed schema alone: the dashboard knows nothing else of the server. */
const config: CodegenConfig = {
  schema: process.env.SLUICE_SCHEMA ?? "../schema/schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/generated/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        arrayInputCoercion: false,
        scalars: { DateTime: "string", JSON: "unknown" },
      },
    },
    "src/gql/generated/cache-types.ts": { plugins: ["./codegen/cache-types.cjs"] },
  },
};

export default config;
