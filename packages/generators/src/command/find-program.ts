import { access, constants, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

/**
 * Looks for a program as the system would.
 *
 * @returns its path; undefined where there is none that may be run
 */
export async function findProgram(name: string, folder: string, path: string): Promise<string | undefined> {
  const places = name.includes("/")
    ? [resolve(folder, name)]
    : path.split(delimiter).map((place) => join(place || ".", name));
  for (const place of places) if (await isProgram(place)) return place;
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
