import { readGrammar } from "./grammar.ts";
import { syllables } from "./topic.ts";

/** Ends of a first line by the syllables that they add to the prompt's word. */
const tails: Record<number, string> = {
  // Nothing here may depend on whether the word is singular.
  1: "here #home | still #calm | now #bold",
  2: "at dusk #night | at dawn #morning | in bloom #spring | at rest #calm | in rain #autumn | in snow #winter",
  3: "before dawn #morning | in the rain #autumn | after noon #summer | in first light #morning | by the sea #sea | at the gate #home | on the hill #mountain | under snow #winter",
  4: "in morning light #morning | after the storm #autumn | under the moon #night | against the glass #city | on winter nights #winter | beside the road #city | and open sky #summer | in early spring #spring",
};

/**
 * Three lines of 5, 7 and 5 syllables. The first line is made around the prompt's word where it is short enough, so this
 * grammar is put together for that word.
 */
export function haikuFor(word: string) {
  const left = 5 - syllables(word);
  const own = (tails[left] ?? "")
    .split("|")
    .map((tail) => tail.trim())
    .filter((tail) => tail !== "");
  const open = own.map((tail) => `{word} ${tail}`).join(" | ");
  return readGrammar(`
root: {opening} —/{middle}/{close}

opening: ${open === "" ? "{season}" : open}
season: early morning light #morning | a window, open #home #summer | first snow on the roof #winter #home | the last train at night #city #night | low tide at evening #sea
  | new leaves on old trees #spring #forest | smoke above the town #autumn #city | bells across the field #country | salt wind from the bay #sea | moon on the water #night #sea

middle: {someone} {does}
  | {someone} {does}
  | {thing}, {lingers}
  | {thing}, {lingers}
  | {place} {event}

someone: the old gardener #home #spring | a lone fisherman #sea | the neighbour's grey cat #home #city | the child next to me #playful | a silent heron #calm #sea | the last night watchman #night #city
  | the baker's daughter #morning #city | a small brown sparrow #forest #playful | someone I once knew #serious | a tired traveller #serious #mountain
does: pauses | lingers | listens | kneels down | looks up | waits here #calm | turns home #home | hums low #playful
thing: the smell of cut grass #summer | a letter unread #serious | the kettle's soft breath #home #warm | the sound of far surf #sea | a half-finished song #playful | the glow of one lamp #night #warm
  | a thread of wood smoke #autumn | the weight of the clouds #winter | the shade of the pine #forest #mountain | a row of wet boots #home #playful
place: behind the barn #country | under the bridge #city | across the lake #forest | beyond the fence #home | along the wall #city | inside the shed #home | out on the pier #sea | above the pass #mountain
event: a dog barks #playful | someone sings #warm | the ice cracks #winter | frogs answer #spring | an owl calls #night #forest | boats go home #sea | a child laughs #playful | the rain stops #autumn | a lamp dims #night
lingers: drifting | waiting #calm | resting #calm | turning | fading #night | shining #warm

close: so much left to say #serious | and then, nothing more #calm | the gate stands open #warm | one leaf lets go first #autumn | the river moves on | even the wind rests #calm #night
  | tomorrow it thaws #winter | no one asks the time #calm | footprints fill with rain #autumn | I forget my name #serious | the stars take their seats #night #playful | a door swings ajar #home
  | salt upon my lips #sea | the soup is ready #home #playful | snow on both our hats #winter #playful | the crows change branches #forest #autumn | a bell, then silence #calm #serious
  | lights come on, then warmth #city #warm | the hill keeps its blue #mountain | dust dances in sun #summer #warm | buds on the bare branch #spring #warm
`);
}
