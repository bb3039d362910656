/** "1 job", "3 jobs". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "at once" → "At once". */
export function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** 0.923 → "92 %". Only a real 1 reads 100 %, only a real 0 reads 0 %: rounding must not claim certainty. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded >= 100 && share < 1) return "99 %";
  if (rounded <= 0 && share > 0) return "1 %";
  return `${rounded} %`;
}

interface InFamily {
  readonly ordinal: number;
  readonly parent?: InFamily | null;
}

/** A candidate's place in the family: the ordinals from its eldest known ancestor down to itself, "2.1.3". */
export function pathLabel({ ordinal, parent }: InFamily): string {
  return parent ? `${pathLabel(parent)}.${ordinal}` : `${ordinal}`;
}
