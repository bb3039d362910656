/** Crude on purpose: "waves", "wavy" and "wave" should meet, and nothing else has to. */
export function stem(word: string): string {
  let root = word;
  for (const ending of ["ness", "ing", "ed", "es", "s", "y", "al", "e"]) {
    if (root.length - ending.length >= 3 && root.endsWith(ending)) {
      root = root.slice(0, -ending.length);
      break;
    }
  }
  return root.endsWith("e") && root.length > 3 ? root.slice(0, -1) : root;
}
