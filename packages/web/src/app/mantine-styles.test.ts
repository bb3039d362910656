import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const library = Object.keys(import.meta.glob("../../node_modules/@mantine/core/styles/*.css"));

it("the styles of every component that a page uses are loaded", () => {
  const styled = new Set(library.map((path) => path.slice(path.lastIndexOf("/") + 1, -".css".length)));
  const loaded = sources["./mantine-styles.ts"] ?? "";
  const missing = new Set<string>();
  let used = 0;
  for (const text of Object.values(sources)) {
    for (const [, names = ""] of text.matchAll(/import \{([^}]+)\} from "@mantine\/core"/g)) {
      for (const name of names.split(",").map((each) => each.trim())) {
        if (!styled.has(name)) continue;
        used += 1;
        if (!loaded.includes(`styles/${name}.css"`)) missing.add(name);
      }
    }
  }
  expect([...missing]).toEqual([]);
  expect(used).toBeGreaterThan(100);
});
