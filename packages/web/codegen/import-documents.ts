import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const GENERATED = fileURLToPath(new URL("../src/gql/generated/graphql.ts", import.meta.url));
const PREFIX = "sluice-document:";
const CALL = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;

/** The generated tree of one document, as JSON. */
function treeOf(document: string): string {
  const start = `export const ${document} = `;
  const line = readFileSync(GENERATED, "utf8")
    .split("\n")
    .find((each) => each.startsWith(start));
  if (line === undefined)
    throw new Error(`${document} is not in ${GENERATED}: run "pnpm --filter @sluice/web run generate"`);
  return line.slice(start.length, line.indexOf(" as unknown as DocumentNode"));
}

/**
 * Makes each `graphql(`…`)` call an import of its own generated document, so that a page loads the documents it uses.
 * As generated, every page would load the map of all documents: 130 kB of script more to parse, 6 kB compressed.
 */
export function importDocuments(): Plugin {
  return {
    name: "sluice:import-documents",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      this.addWatchFile(GENERATED);
      return `export default ${treeOf(id.slice(PREFIX.length + 1))};`;
    },
    transform(code, id) {
      if (!/\/src\/.*\.tsx?$/.test(id) || id.includes("/generated/") || !code.includes("graphql(`")) return null;
      const imports: string[] = [];
      const replaced = code.replace(CALL, (_call, kind: string, name: string) => {
        const document = kind === "fragment" ? `${name}FragmentDoc` : `${name}Document`;
        const local = `generated_${document}`;
        imports.push(`import ${local} from "${PREFIX}${document}";`);
        return local;
      });
      return imports.length === 0 ? null : { code: `${imports.join("")}${replaced}`, map: null };
    },
  };
}
