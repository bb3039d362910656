// Writes schema.graphql. Run it after a change of the types, and commit what it wrote.
import { writeFile } from "node:fs/promises";
import { printedSchema } from "./print.ts";

await writeFile(new URL("../schema.graphql", import.meta.url), printedSchema());
