import { readFile } from "node:fs/promises";

const ROUTER = new URL("../../../web/src/app/router.tsx", import.meta.url);

/** The addresses of the dashboard's pages, such as "/runs/$runId", as the router has them; those that only lead on are left out. */
export async function routesOfDashboard(): Promise<string[]> {
  const source = await readFile(ROUTER, "utf8");
  const paths = new Map<string, string>([["rootRoute", ""]]);
  const pages = new Set<string>();
  for (const [, name, body = ""] of source.matchAll(/const (\w+) = createRoute\(\{(.*?)^\}\);/gms)) {
    const parent = body.match(/getParentRoute: \(\) => (\w+)/)?.[1] ?? "";
    const own = body.match(/\bpath: "([^"]*)"/)?.[1];
    const base = paths.get(parent);
    if (name === undefined || own === undefined || base === undefined) throw new Error(`What is the path of ${name}?`);
    const path = own === "/" && base !== "" ? base : base + own;
    paths.set(name, path);
    if (!body.includes("throw redirect(")) pages.add(path);
  }
  return [...pages].toSorted();
}
