import { readGrammar } from "./grammar.ts";

/** One line for a thing, as it could stand under its name. */
export const tagline = readGrammar(`
root: {Plea} | {Plea} {Close} | {Plea} {Close} | {Turn} | {Turn} {Close}

plea: in praise of {topic}. #warm
  | say yes to {topic}. #bold
  | come for {topic}, stay for {virtue}. #warm
  | ~ more {topic}, less {noise}. #bold
  | ~ all {topic}, no {noise}. #bold
  | {topic}, {manner}.
  | {topic}, {manner}.
  | {topic} for {who}.
  | {topic} for {occasion}.
  | {topic}, made for {occasion}.
  | ~ {topic} worth {worth}.
  | {occasion} with {topic}. #warm
  | the {quality} side of {topic}.
  | the art of {topic}. #serious
  | a {quality} take on {topic}.
  | a {quality}, {quality2} home for {topic}. #warm
  | take the long way to {topic}. #playful
  | let {topic} do the talking. #playful
  | nothing but {topic} and {virtue}. #calm
  | {topic}: {virtue}, {manner}.
  | it all begins with {topic}. #serious
  | there is always time for {topic}. #calm

turn: first {virtue}, then {topic}.
  | some call it {virtue}. We call it {topic}. #playful
  | you bring {virtue}. We bring {topic}. #warm
  | less {noise}. {Virtue}. And {topic}. #bold
  | made with {virtue}. Made for {who}. Made of {topic}. #serious
  | {virtue} is in the details. So is {topic}. #serious
  | between {noise} and {virtue}: {topic}.
  | no {noise}. No {noise2}. Only {topic}. #bold
  | today, {topic}. Tomorrow, {virtue}. #bold
  | what if {virtue} looked like {topic}? #playful
  | forget {noise}. Remember {topic}. #bold
  | when {noise} fades, {virtue} stays. Discover {topic}. #calm

close: {Manner}. | Made with {virtue}. | For {who}. | For {occasion}. | No {noise}. | With {virtue} to spare. #playful | Take your time. #calm
  | Stay a while. #warm | See for yourself. #bold | Pass it on. #playful | Nothing more. #calm | Starting today. #bold | As it should be. #serious

manner: without the hurry #calm | one morning at a time #calm | made by hand #warm | done properly #serious | with room to breathe #calm
  | the way you remember it #warm | straight to the point #bold | with the volume up #bold #playful | in full colour #playful #bold | down to the last detail #serious
  | with a light touch #calm | from the ground up #serious | against the odds #bold | in good company #warm | rain or shine #playful | by people who care #warm
  | with nothing to hide #serious | in plain words #serious | on your own terms #bold | with both feet on the ground #serious | a little bit braver #bold

who: the curious | early risers #calm | people who look twice | those who stay until the end #warm | the quiet ones #calm | restless hands #bold | whoever is asking #playful
  | the ones you love #warm | makers and menders #warm | people in no hurry #calm | anyone who ever wondered | the long run #serious | night owls #playful #dark | careful eyes #serious

occasion: the first light of day #calm | the long way home #warm | rainy Sundays #calm | the best seat in the house #playful | the next hundred years #serious
  | bright mornings #warm | slow afternoons #calm | the hours after midnight #dark #bold | days that matter #serious | the road ahead #bold | the table by the window #warm
  | ordinary Tuesdays #playful | big days and small ones #warm | open skies #bold

virtue: patience #calm | care #warm | courage #bold | craft #serious | good company #warm | curiosity #playful | a steady hand #serious | honest work #serious | wonder #playful
  | silence #calm | warmth #warm | fresh air #calm | good humour #playful | attention #serious | a clear view #calm | nerve #bold | kindness #warm | a second look | light #calm

noise: noise | fuss | guesswork | clutter | hurry #calm | small print #serious | excuses #bold | drama #playful | shortcuts #serious | static #dark
noise2: nonsense | detours | delay | compromise #bold | jargon #serious | doubt #bold | waste #serious | rush #calm

worth: waking up for #warm | the wait #calm | crossing town for #bold | sharing #warm | keeping #serious | a second look | slowing down for #calm | talking about #playful | getting up early for #playful

quality: quiet #calm | bright #warm | brave #bold | gentle #calm | sunny #warm #playful | honest #serious | wild #bold | tender #warm | sharp #bold | thoughtful #serious
quality2: patient #calm | generous #warm | curious #playful | careful #serious | fearless #bold | lasting #serious | cheerful #playful | unhurried #calm
`);
