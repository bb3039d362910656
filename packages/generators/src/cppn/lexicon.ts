import { stem } from "./stem.ts";

/** The kinds of form a picture can start from (see `motifs.ts`). */
export const motifNames = [
  "hills",
  "dunes",
  "waves",
  "rings",
  "eclipse",
  "bloom",
  "spiral",
  "crystal",
  "shards",
  "islands",
  "veil",
  "arches",
  "ripples",
  "river",
] as const;
export type MotifName = (typeof motifNames)[number];

const motifs: Record<MotifName, string> = {
  hills:
    "hill mountain landscape horizon valley alps field land nature forest autumn morning travel scenery park country",
  dunes: "dune desert sand wind savanna heat curve sahara slope snow",
  waves: "wave ocean sea surf tide storm flow movement music rhythm jazz dance sound",
  rings: "ring circle target planet orbit tree target echo growth universe saturn record vinyl",
  eclipse: "eclipse moon sun night space cell balance pair duality love midnight meeting two",
  bloom: "bloom flower petal blossom mandala rose spring garden star snowflake sun heart lotus summer",
  spiral: "spiral swirl vortex galaxy shell whirl hurricane dream time cosmos snail",
  crystal: "crystal diamond gem ice geometric facet mineral architecture jewel structure bauhaus polygon",
  shards: "shard sharp angle angular glass edge city noir broken blade lightning cubism tech urban skyline house",
  islands: "island organic cell map cloud amoeba bubble camouflage coral life pebble stone terrazzo topographic moss",
  veil: "veil silk soft smoke aurora mist calm gentle fabric curtain fluid breath wind flame fire cloth light",
  arches: "arch rainbow gate door bridge temple boho sunrise window tunnel cathedral portal",
  ripples: "ripple rain water interference drop echo radio signal pond lake pulse sound",
  river: "river path road stream delta way journey snake coast line ribbon",
};

/** What a word may ask of the look. */
export type LookTrait =
  | "symmetry"
  | "soft"
  | "sharp"
  | "bold"
  | "detailed"
  | "lines"
  | "disc"
  | "paper"
  | "grain"
  | "frame"
  | "dark"
  | "light";

const looks: Record<LookTrait, string> = {
  symmetry: "symmetry symmetric symmetrical mirror mandala balance butterfly reflection kaleidoscope mask totem",
  soft: "soft smooth gentle silk calm mist fog cloud dream gradient blur tender quiet",
  sharp: "sharp crisp hard edge angular graphic flat stark linocut woodcut",
  bold: "bold simple minimal minimalist big strong quiet calm plain",
  detailed: "detailed intricate complex rich busy fine dense ornate baroque",
  lines: "line contour topographic map engraving drawing hatch stripe strings wire",
  disc: "sun moon circle disc disk planet sunset sunrise eclipse dot ball orb",
  paper: "paper collage cut origami layer depth shadow papercut craft",
  grain: "grain grainy retro vintage risograph riso film noise print old seventies texture textured",
  frame: "poster frame framed card postcard stamp window gallery",
  dark: "dark night black midnight deep noir shadow moody gothic",
  light: "light bright white day airy pale pastel morning snow",
};

export const motifWords: ReadonlyMap<string, readonly MotifName[]> = invert(motifs);
export const lookWords: ReadonlyMap<string, readonly LookTrait[]> = invert(looks);

function invert<K extends string>(words: Record<K, string>): Map<string, K[]> {
  const map = new Map<string, K[]>();
  for (const key of Object.keys(words) as K[]) {
    for (const word of new Set(`${key} ${words[key]}`.split(" ").map(stem)))
      map.set(word, [...(map.get(word) ?? []), key]);
  }
  return map;
}
