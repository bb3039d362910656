/** How strongly a prompt and its notes ask for each tag: 1 when not mentioned, more when wanted, less when not. */
export type Wishes = ReadonlyMap<string, number>;

const words: Readonly<Record<string, string>> = {
  calm: "calm calmer quiet quieter slow slower gentle soft softer peaceful soothing understated simple simpler zen relax relaxed subtle",
  warm: "warm warmer human friendly friendlier kind kinder love heart family cosy cozy tender personal welcoming home",
  bold: "bold bolder loud louder strong stronger direct brave sharp sharper punchy punchier confident short shorter provocative edgy energy energetic",
  playful:
    "playful fun funny funnier humour humor witty light lighter joyful cheerful happy whimsical silly joke jokes",
  serious:
    "serious formal professional precise trust trustworthy sober honest factual clear clearer expert craft quality elegant",
  dark: "dark darker night noir midnight shadow moody gothic",
  night: "night moon stars dark evening midnight sleep dusk",
  morning: "morning dawn coffee breakfast sunrise early bread bakery",
  spring: "spring blossom flower flowers garden bloom april may green frog cherry",
  summer: "summer sun beach heat july holiday sunny",
  autumn: "autumn fall october rain leaves harvest fog mist",
  winter: "winter snow ice cold frost december christmas glacier",
  sea: "sea ocean wave waves boat ship harbour harbor coast fish island beach surf sailing",
  forest: "forest tree trees wood bird birds nature leaf moss",
  mountain: "mountain mountains hill hiking alps peak trail",
  city: "city urban street train metro tokyo paris london berlin cafe bar shop traffic",
  home: "home house kitchen family cat dog bread soup tea table room",
  country: "country village farm field fields barn horse",
};

const negations = new Set(["less", "not", "no", "too", "without", "never", "avoid"]);
/** What may stand between a negation and its word: "not so loud". */
const degrees = new Set(["so", "very", "much", "quite", "that", "be", "more", "a", "too"]);

export function wishesOf(prompt: string, notes: readonly string[]): Wishes {
  const wishes = new Map<string, number>();
  const read = (text: string, force: number): void => {
    let negated = false;
    for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
      if (negations.has(word)) {
        negated = true;
        continue;
      }
      for (const [tag, names] of Object.entries(words)) {
        if (names.split(" ").includes(word))
          wishes.set(tag, (wishes.get(tag) ?? 1) * (negated ? 1 / (3 * force) : 3 * force));
      }
      if (!degrees.has(word)) negated = false;
    }
  };
  read(prompt, 1);
  for (const note of notes) read(note, 2);
  return wishes;
}
