import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const sources = fileURLToPath(new URL("..", import.meta.url));
const library = fileURLToPath(new URL("../../node_modules/@mantine/core/styles", import.meta.url));

it("the styles of every component that a page uses are loaded", () => {
  const styled = new Set(readdirSync(library));
  const loaded = readFileSync(new URL("./mantine-styles.ts", import.meta.url), "utf8");
  const missing = new Set<string>();
  let used = 0;
  for (const file of readdirSync(sources, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = readFileSync(`${sources}/${file}`, "utf8");
    for (const [, names = ""] of text.matchAll(/import \{([^}]+)\} from "@mantine\/core"/g)) {
      for (const name of names.split(",").map((each) => each.trim())) {
        if (!styled.has(`${name}.css`)) continue;
        used += 1;
        if (!loaded.includes(`styles/${name}.css"`)) missing.add(name);
      }
    }
  }
  expect([...missing]).toEqual([]);
  expect(used).toBeGreaterThan(100);
});
