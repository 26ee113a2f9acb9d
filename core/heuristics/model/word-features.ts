import type { TurnReading } from '../read-turn.ts';

/** Word classes counted over the whole reply, log(1 + n). */
const CLASSES: Readonly<Record<string, string>> = {
  you: "you your you're you've you'll you'd yours",
  we: "we our us we're we've we'll ours",
  i: "i i'm i'd i'll i've my me",
  lets: "let's lets",
  duty: 'should need needs must have-to has-to',
  modal: 'could would might may',
  negation:
    "not no don't isn't doesn't didn't can't won't wasn't aren't wrong incorrect never cannot couldn't shouldn't",
  contrast: 'but however instead actually rather only although',
  reminder: 'remember note recall notice forget',
  cause: 'because since so therefore means meaning cause thus hence',
  condition: 'if',
  time: 'when then first next',
  copula: 'is are means called goes becomes follow follows refers equals',
  think: 'think mean know figure notice see decide wonder believe',
  explain: 'explain describe tell show share walk elaborate',
  plus: 'add adding added subtract multiply multiplied divide divided total sum equals',
};
/** Question words and openings counted inside questions only, 0 or 1. */
const ASKED = [
  'what',
  'why',
  'how',
  'where',
  'which',
  'who',
  'when',
  'many',
  'much',
  'can',
  'could',
  'do',
  'did',
  'are',
  'if',
];

const CLASS_NAMES = Object.keys(CLASSES);
const CLASS_OF = new Map<string, number>();
for (const [index, name] of CLASS_NAMES.entries()) {
  for (const word of (CLASSES[name] as string).split(' ')) CLASS_OF.set(word, index);
}
/** Names of the features, put together once. */
const CLASS_FEATURES = CLASS_NAMES.map((name) => `words_${name}`);
const ASKED_FEATURES = ASKED.map((word) => `asked_${word}`);
const ASKED_INDEX = new Map(ASKED.map((word, index): [string, number] => [word, index]));

const SIGNS: readonly [string, RegExp][] = [
  ['signs_quotes', /["“”]|(?<=\s)['‘]/gu],
  ['signs_dashes', /[–—]|\.\.\./gu],
  ['signs_exclamations', /!/gu],
  ['signs_colons', /:/gu],
  ['signs_equals_signs', /=/gu],
  ['signs_operators', /[+×*÷/]|\d\s*[-−x]\s*\d/gu],
];

/** Classes of words and signs in the reply. */
export function wordFeatures({ reply }: TurnReading): Record<string, number> {
  const counts = new Float64Array(CLASS_NAMES.length);
  for (const word of reply.words) {
    const index = CLASS_OF.get(word);
    if (index !== undefined) counts[index] = (counts[index] as number) + 1;
  }
  const asked = new Float64Array(ASKED.length);
  for (const { kind, words } of reply.sentences) {
    if (kind !== 'question') continue;
    for (const word of words) {
      const index = ASKED_INDEX.get(word);
      if (index !== undefined) asked[index] = 1;
    }
  }
  const features: Record<string, number> = {};
  for (const [index, name] of CLASS_FEATURES.entries()) features[name] = Math.log1p(counts[index] as number);
  for (const [index, name] of ASKED_FEATURES.entries()) features[name] = asked[index] as number;
  for (const [name, pattern] of SIGNS) features[name] = Math.log1p(reply.visible.match(pattern)?.length ?? 0);
  return features;
}
