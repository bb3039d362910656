/**
 * Palettes, chosen by hand after printed work: screen prints, risographs, travel posters, woodcuts.
 *
 * `paper` is the sheet that is printed on. `inks` are a walk (mostly from light to dark) of which any stretch, either way
 * round, goes together. `accent` is the small spot of another hue. `words` are what a prompt may call it.
 */
interface PaletteData {
  readonly paper: string;
  readonly inks: readonly string[];
  readonly accent: string;
  readonly words: string;
}

const data = {
  sunset: {
    paper: "#f7ead7",
    inks: ["#f9cf90", "#f4a259", "#e76f51", "#b8456b", "#6d3b6b", "#2e2450"],
    accent: "#ef5b4c",
    words: "sunset dusk evening warm glow romance twilight orange purple summer",
  },
  forest: {
    paper: "#f1ecdb",
    inks: ["#cdd6a4", "#9ab87a", "#5f8f63", "#35695a", "#1f4a48", "#122b30"],
    accent: "#e8a33d",
    words: "forest wood tree jungle nature green leaf moss fern organic park",
  },
  ocean: {
    paper: "#eff2ea",
    inks: ["#c3ddd6", "#82bcbf", "#438fa5", "#266a8b", "#1b4569", "#10263f"],
    accent: "#f2b56b",
    words: "ocean sea water wave river lake marine blue coast teal deep rain",
  },
  noir: {
    paper: "#ece8e1",
    inks: ["#d3cdc3", "#a59f97", "#706c69", "#464447", "#2a292d", "#151518"],
    accent: "#c4352b",
    words: "noir black white monochrome ink shadow film crime dark stark grey gray",
  },
  neon: {
    paper: "#14122a",
    inks: ["#221d4b", "#44297e", "#8234a4", "#d4459a", "#fb7f86", "#ffd197"],
    accent: "#4cd8cb",
    words: "neon cyber cyberpunk synthwave club electric arcade retrowave vivid future",
  },
  autumn: {
    paper: "#f4e7d0",
    inks: ["#ecc67f", "#d9923b", "#b95c2b", "#8a3a26", "#5a2a27", "#2f1c20"],
    accent: "#7f9160",
    words: "autumn fall harvest october pumpkin leaves maple brown orange",
  },
  bauhaus: {
    paper: "#f2e9d8",
    inks: ["#f0c34a", "#e8782f", "#c8352f", "#7d2f3f", "#2b4a6f", "#171b26"],
    accent: "#2f7f8f",
    words: "bauhaus geometric primary modernist design red yellow bold constructivist",
  },
  midcentury: {
    paper: "#f3ead6",
    inks: ["#e9bd5c", "#d68452", "#a9503f", "#5f8580", "#2d545a", "#1f292f"],
    accent: "#e4572e",
    words: "midcentury retro vintage seventies sixties fifties poster travel modern furniture",
  },
  riso: {
    paper: "#f6f1e7",
    inks: ["#ffd7cb", "#ff9a8f", "#f0606f", "#a14f93", "#4550a2", "#222b5f"],
    accent: "#ffd84d",
    words: "riso risograph zine print pop playful pink blue fun indie",
  },
  clay: {
    paper: "#f3eee3",
    inks: ["#e2d8c2", "#bcc2a5", "#8d9c86", "#c39070", "#9a5b45", "#4a3a34"],
    accent: "#d9734e",
    words: "clay sage earth calm ceramic pottery natural boho linen home",
  },
  nordic: {
    paper: "#f2f0ea",
    inks: ["#dadfdc", "#b0c0c3", "#7f98a2", "#526e7c", "#34495a", "#1e2a36"],
    accent: "#e2725b",
    words: "nordic scandinavian winter cold minimal stone slate quiet steel north",
  },
  blossom: {
    paper: "#fbf1ec",
    inks: ["#f7dcd8", "#efb8bb", "#dd879c", "#b25c81", "#74426d", "#3b2c4f"],
    accent: "#f2c46d",
    words: "blossom cherry spring flower rose pink petal garden bloom love tender sakura",
  },
  desert: {
    paper: "#f6e9d6",
    inks: ["#eed2a9", "#e0a777", "#c87a52", "#a25141", "#6b3a3f", "#38263a"],
    accent: "#5fa8a0",
    words: "desert sand dune canyon mesa dry heat mars rock west",
  },
  lagoon: {
    paper: "#f4f2e3",
    inks: ["#cbe6ca", "#88cdb5", "#41a797", "#207b7f", "#1d5163", "#182e42"],
    accent: "#ff8f63",
    words: "lagoon tropical turquoise mint island beach palm holiday caribbean teal green",
  },
  lavender: {
    paper: "#f3eef3",
    inks: ["#dfd5ea", "#bcaad6", "#9280bd", "#685a9e", "#463f79", "#26264d"],
    accent: "#f0b86e",
    words: "lavender violet purple lilac dream provence mystic magic soft",
  },
  citrus: {
    paper: "#fbf5df",
    inks: ["#f8e290", "#f4c845", "#ee9f35", "#dd7031", "#a8452f", "#4f2a2c"],
    accent: "#3f8f7b",
    words: "citrus lemon orange yellow sunny juice fresh energy bright cheerful happy",
  },
  midnight: {
    paper: "#0f1626",
    inks: ["#18253f", "#24426c", "#3d6c9f", "#80a7c9", "#cfdde6", "#f6efdc"],
    accent: "#f0b64f",
    words: "midnight night moon star space cosmos galaxy sky universe planet astral",
  },
  aurora: {
    paper: "#0e1a24",
    inks: ["#13303a", "#18555a", "#2f8d7d", "#70c49b", "#bbe5b2", "#f1f4d8"],
    accent: "#b48ae0",
    words: "aurora polar arctic borealis lights ethereal spirit northern emerald",
  },
  ember: {
    paper: "#1a1416",
    inks: ["#301c21", "#5c232b", "#98312d", "#d45830", "#f29c4e", "#f9dda6"],
    accent: "#f7e7c6",
    words: "ember fire volcano lava flame hot burn dragon forge rage",
  },
  peacock: {
    paper: "#f4eede",
    inks: ["#d2e2d0", "#74b5aa", "#218087", "#1c5b7b", "#2b3a6b", "#231f45"],
    accent: "#e0a030",
    words: "peacock royal jewel luxury opulent deco emerald elegant rich",
  },
  riviera: {
    paper: "#f7f0e2",
    inks: ["#f2dcbb", "#e5ae86", "#d07655", "#86abb8", "#40718f", "#1d3d5c"],
    accent: "#f2c14e",
    words: "riviera mediterranean terracotta italy greece summer village harbour sail",
  },
  pastel: {
    paper: "#fdf6ee",
    inks: ["#fbe5cd", "#f7c9b9", "#e6a8b6", "#bb9ec9", "#8ca2ce", "#566fa3"],
    accent: "#f7a072",
    words: "pastel candy sweet baby gentle light cute kawaii cotton child ice cream",
  },
  cyanotype: {
    paper: "#f1eee2",
    inks: ["#d8dfe1", "#a6bbd0", "#6d91b9", "#3d679c", "#22447b", "#132650"],
    accent: "#e9c46a",
    words: "cyanotype blueprint indigo blue denim porcelain delft technical photo",
  },
  lacquer: {
    paper: "#f5ead9",
    inks: ["#f3d1b5", "#e9a086", "#d85c50", "#b03038", "#75202f", "#3a1522"],
    accent: "#e9b949",
    words: "lacquer red crimson japan china passion heart blood ruby dragon",
  },
  lichen: {
    paper: "#efe8d6",
    inks: ["#dad2a5", "#b3b06f", "#808c4d", "#576739", "#7a4a2e", "#33261f"],
    accent: "#d8682f",
    words: "lichen moss rust olive swamp military mushroom fungus field",
  },
  mist: {
    paper: "#eeefec",
    inks: ["#dfe3e1", "#c5cecb", "#a2b1b1", "#7d9196", "#596f77", "#36474f"],
    accent: "#d7a86e",
    words: "mist fog haze cloud silent calm serene zen soft morning breath dawn",
  },
  wine: {
    paper: "#f3e8de",
    inks: ["#eacdbd", "#d39d93", "#b2646c", "#86394f", "#57233d", "#2b1428"],
    accent: "#d9a441",
    words: "wine burgundy velvet opera theatre theater rich plum berry drama",
  },
  savanna: {
    paper: "#f5ebcf",
    inks: ["#eed896", "#dcb157", "#b98435", "#855a2b", "#543b27", "#2a2220"],
    accent: "#b5432e",
    words: "savanna gold golden honey africa lion wheat grass safari amber sun",
  },
  glacier: {
    paper: "#f3f7f6",
    inks: ["#deedef", "#b8dae3", "#84bcd1", "#4f95b9", "#2d6893", "#1c3d63"],
    accent: "#f28f6b",
    words: "glacier ice frost snow crystal cold winter clean fresh air cool polar",
  },
  jazz: {
    paper: "#f1e6cf",
    inks: ["#ebb957", "#dc7040", "#98343f", "#43385a", "#22566a", "#14202b"],
    accent: "#d8412f",
    words: "jazz music blues rhythm dance song band festival concert city soul",
  },
  orchard: {
    paper: "#f5ede2",
    inks: ["#f3cdc7", "#e8a0a0", "#c86e75", "#8d8f51", "#5d6536", "#2c3524"],
    accent: "#f0b33f",
    words: "orchard apple pink olive fruit peach fig kitchen food picnic",
  },
  tokyo: {
    paper: "#101522",
    inks: ["#1c2442", "#313c70", "#5d4d97", "#a55d9c", "#e58e8d", "#f8d3ad"],
    accent: "#6fd3d0",
    words: "tokyo city urban metro night rain street skyline modern tech digital",
  },
  kraft: {
    paper: "#ead9bd",
    inks: ["#d9c09a", "#ba926a", "#8f6647", "#664734", "#433128", "#251c1a"],
    accent: "#f6f0e2",
    words: "kraft coffee wood leather chocolate brown cardboard rustic bread animal",
  },
  parade: {
    paper: "#f5efe0",
    inks: ["#f4cf6b", "#ef8e58", "#e0566a", "#7d4f8f", "#2f6f8f", "#1d3047"],
    accent: "#58b09c",
    words: "parade circus carnival party celebration festival colourful colorful joy rainbow bright",
  },
} as const satisfies Record<string, PaletteData>;

export type PaletteName = keyof typeof data;

export const paletteNames = Object.keys(data) as [PaletteName, ...PaletteName[]];

export interface Palette extends PaletteData {
  readonly name: PaletteName;
}

export function palette(name: PaletteName): Palette {
  return { name, ...data[name] };
}
