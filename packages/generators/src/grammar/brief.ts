import { readGrammar } from "./grammar.ts";

/** A short creative brief: what it is, for whom, how it should feel, what must be there and what must not. */
export const brief = readGrammar(`
root: {Headline}//{Aim} {Reader}//{Tone} {Picture}//{Must} {Avoid}//{Test}
  | {Headline}//{Reader} {Aim}//{Picture} {Tone}//{Must} {Avoid}//{Test}

headline: {topic}, {angle} | {topic}: {angle} | {angle}: {topic}
angle: seen from up close #warm | told in one breath #bold | without the gloss #serious | from the first hour of the day #calm | as a promise #serious | for people who have heard it all #bold
  | with the windows open #calm #playful | one small thing at a time #calm | as if for the first time #playful | between two seasons #calm | from the inside out #serious | with its sleeves rolled up #bold #warm

aim: we want people to {act} when they think of {topic}.
  | the one thing to get across is {idea}.
  | this piece about {topic} should make people {act}.
  | in a single look, it must be clear that the heart of {topic} is {idea}.
  | our task is to connect {topic} with {idea}, and with nothing else.
act: slow down for a moment #calm | smile before they know why #playful | pick up the phone #bold | trust what they see #serious | tell one friend #warm | look a second time | feel at home #warm | ask a better question #serious | change their plans for the evening #playful #bold
idea: patience #calm | the joy of finding out #playful | care that shows #warm | plain honesty #serious | the courage to leave things out #bold | time well spent #calm | a welcome without conditions #warm | skill that nobody notices #serious | a little mischief #playful

reader: it is for {reader2}, who {trait}.
  | we speak to {reader2}. They {trait2}.
  | picture {reader2}: people who {trait2}.
reader2: young parents #warm | first-time visitors | tired commuters #calm | people who work with their hands #serious | regulars of many years #warm | sceptics #serious #bold | students on a small budget #playful | neighbours who have never come in #warm | night-shift workers #dark
trait: {trait2} and {trait3} | {trait2} | {trait3}
trait2: have seen every promise already #serious | know quality when they hold it #serious | make up their minds in seconds #bold | read to the end #calm | laugh easily #playful | dislike being sold to #bold | plan around the people they love #warm | want the facts first #serious
trait3: never have enough time #calm | come back when they are treated well #warm | talk about what surprises them #playful | forgive anything but boredom #bold | value a straight answer #serious

tone: the voice is {feel} and {feel2}, never {unfeel}.
  | write it {how}: {feel}, {feel2}, and never {unfeel}.
  | keep the tone {feel}; let it be {feel2} where it can, and {unfeel} nowhere.
feel: calm #calm | warm #warm | direct #bold | dry #serious | bright #playful | confident #bold | attentive #warm | precise #serious
feel2: unhurried #calm | generous #warm | fearless #bold | exact #serious | a little funny #playful | tender #warm | curious #playful | sober #serious
unfeel: clever for its own sake #serious | loud #calm | sentimental #bold | cold #warm | vague #serious | solemn #playful | pushy #calm
how: as you would say it across a table #warm | in short sentences #bold | as a letter #warm | with plain verbs #serious | at walking pace #calm | with a raised eyebrow #playful

picture: show {image}.
  | open on {image}, and stay there.
  | the picture is {image}, {light}.
image: a table just after everyone has left #warm #calm | hands at work #serious #warm | one empty chair in the sun #calm | a crowd looking the same way #bold | the moment before the door opens #playful | a long road with a single light #dark #calm
  | steam on a cold window #warm | a map with pencil marks #serious | two strangers sharing a joke #playful | a wide sky and a low horizon #calm #bold
light: in late afternoon light #warm | in clean northern light #calm #serious | at the blue hour #dark #calm | in hard noon sun #bold | lit like a stage #playful #bold | under soft cloud #calm

must: it has to include {item} and {item2}.
  | two things are fixed: {item}, and {item2}.
  | leave room for {item}; end on {item2}.
item: the name, once #serious | a single line of text #bold | a real place #warm | one clear number #serious | a date people can keep #bold | a detail only insiders know #playful | a human face #warm | plenty of empty space #calm
item2: a way to answer #bold | an invitation #warm | a reason to come back #warm | a quiet last word #calm | a proof that it is true #serious | a small surprise #playful | one thing to do today #bold

avoid: no {taboo}, no {taboo2}.
  | please avoid {taboo} and {taboo2}.
  | what we do not need: {taboo} or {taboo2}.
taboo: stock smiles #warm | exclamation marks #calm | puns #serious | superlatives #serious | countdowns #calm | grey corporate language #playful #bold
taboo2: false urgency #calm | borrowed slang #serious | long introductions #bold | crowded layouts #calm | jokes at anyone's expense #warm | hedging #bold | buzzwords #serious

test: we will know it works when {sign}.
  | it is done when {sign}.
  | the test: {sign}.
sign: someone reads it aloud to somebody else #warm #playful | nothing can be taken away #calm #serious | a child could explain it #playful | it still feels right on the tenth reading #serious | people remember it the next morning #bold | the room goes quiet for a second #calm | it makes a stranger curious about {topic} #playful | nobody asks what it is for #bold
`);
