const MOST_CHARACTERS = 60;

export interface Titled {
  readonly name: string;
  readonly prompt: string;
  readonly pipeline: { readonly name: string };
}

/**
 * What tells a run from others in a list. A run that nobody named has its pipeline's name, as all of its kind do: then
 * its prompt's first words say more.
 */
export function runTitle({ name, prompt, pipeline }: Titled): string {
  const words = prompt.trim().replace(/\s+/g, " ");
  if (name !== pipeline.name || words === "") return name;
  if (words.length <= MOST_CHARACTERS) return words;
  const cut = words.lastIndexOf(" ", MOST_CHARACTERS);
  return `${words.slice(0, cut > 0 ? cut : MOST_CHARACTERS).replace(/[\s,;:.–—-]+$/, "")}…`;
}
