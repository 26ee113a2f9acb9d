const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\d[\d,]*(?:\.\d+)?/gu;

/** Lower-case words and numbers of a text in order; apostrophes straightened, thousands separators dropped. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(WORD);
  if (words === null) return [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word.includes('’')) words[index] = word.replaceAll('’', "'");
    else if (word.includes(',')) words[index] = word.replaceAll(',', '');
  }
  return words;
}

const STOP = new Set(
  (
    'a an the and or but so if then than as of in on at to from for with by about into over under up down out off again ' +
    'is are was were be been being am do does did done doing have has had having can could would should will shall may ' +
    'might must i you he she it we they me him her us them my your his its our their mine yours this that these those ' +
    'there here what which who whom whose when where why how not no nor yes yeah ok okay oh um uh well just very really ' +
    'too also only some any all each both more most much many few other another same such own now let lets get got go ' +
    'going gonna like know think thing things want need make made say said see look tell one two something anything ' +
    "it's i'm don't you're that's let's what's can't didn't doesn't isn't he's she's they're we're there's i've you've " +
    "i'll you'll i'd you'd we'll won't wouldn't aren't wasn't right good great please thank thanks sure way"
  ).split(' '),
);

/** Is the word a function word, filler or bare courtesy, which carries no subject matter? */
export function isStopWord(word: string): boolean {
  return STOP.has(word) || (word.length === 1 && (word < '0' || word > '9'));
}

const IRREGULAR = new Map(
  Object.entries({
    divided: 'divid',
    dividing: 'divid',
    divide: 'divid',
    division: 'divid',
    multiplied: 'multipl',
    multiply: 'multipl',
    multiplying: 'multipl',
    multiplication: 'multipl',
    added: 'add',
    adding: 'add',
    addition: 'add',
    subtracted: 'subtract',
    subtraction: 'subtract',
    children: 'child',
    people: 'person',
    thought: 'think',
    taught: 'teach',
    felt: 'feel',
    feelings: 'feel',
    told: 'tell',
    gave: 'give',
    given: 'give',
    took: 'take',
    taken: 'take',
    wrote: 'write',
    written: 'write',
    men: 'man',
    women: 'woman',
    half: 'half',
    halves: 'half',
    better: 'better',
  }),
);

/** A crude stem that joins plural, -ing, -ed, -er and -ly forms of one word; for overlap, not for display. */
export function stem(word: string): string {
  if (word.length < 4) return word;
  const known = IRREGULAR.get(word);
  if (known !== undefined) return known;
  let base = word.endsWith("'s") ? word.slice(0, -2) : word;
  if (base.endsWith('ies') && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (base.endsWith('sses') || base.endsWith('xes') || base.endsWith('ches') || base.endsWith('shes'))
    base = base.slice(0, -2);
  else if (base.endsWith('s') && !base.endsWith('ss') && !base.endsWith('us') && !base.endsWith('is'))
    base = base.slice(0, -1);
  if (base.endsWith('ing') && base.length > 5) base = undouble(base.slice(0, -3));
  else if (base.endsWith('ed') && base.length > 4) base = undouble(base.slice(0, -2));
  else if (base.endsWith('ly') && base.length > 5) base = base.slice(0, -2);
  if (base.endsWith('e') && base.length > 4) base = base.slice(0, -1);
  if (base.endsWith('y') && base.length > 4) base = `${base.slice(0, -1)}i`;
  return base;
}

function undouble(base: string): string {
  const last = base.at(-1);
  return base.length > 3 && last === base.at(-2) && last !== 'l' && last !== 's' && last !== 'z'
    ? base.slice(0, -1)
    : base;
}

/** Distinct stems of the words that carry subject matter, in order of first appearance. */
export function contentStems(words: readonly string[]): Set<string> {
  const stems = new Set<string>();
  for (const word of words) if (!isStopWord(word)) stems.add(stem(word));
  return stems;
}
