import type { Random } from '../../../core/identity/random.ts';
import type { SimulationHints } from '../../../core/ports.ts';
import type { SimulatedTutor } from '../../../schemas/model-config.ts';
import type { Occasion, PhraseKind } from '../../../schemas/phrase-bank.ts';
import type { CompiledBank, Phrase } from './compiled-bank.ts';
import type { Conversation } from './conversation.ts';
import { isNounPhrase, quotable, quotableFocus, type Fills } from './fill-slots.ts';
import { pickPhrase, type PickContext } from './pick-phrase.ts';
import { pointOf } from './points.ts';
import { KIND_OF_DEFECT, occasionOf, tacticOf } from './situation.ts';
import { chooseThread, speaksOf, type Point, type Thread } from './thread.ts';

/** All that a tutor's reply depends on. */
export interface ReplyInput {
  bank: CompiledBank;
  defect: SimulatedTutor['defect'];
  isFailing: boolean;
  hints: SimulationHints;
  points: readonly Point[];
  conversation: Conversation;
  run_id: string;
  random: Random;
}

/** A full reference answer, however long its explanation. */
const MAX_ANSWER_CHARS = 300;
/** Share of changes of thread that join the two points instead of taking up the student's last words. */
const LINK_FRAC = 0.3;
/** Share of turns that ask about a point without quoting the student. */
const TOPIC_FRAC = 0.1;
/** Share of answers to decoys, pressure and the like that quote what the student said beside it. */
const QUOTE_FRAC = 0.6;

/**
 * The tutor's next words. The steadfast tutor takes up what was said, stays with a point for some turns, asks the kind of
 * question that suits the student's move, names both sides of a contradiction, and turns back from decoys, pressure and
 * questions about the process. A defect replaces the turns it is about and leaves the others as they are.
 */
export function chooseReply(input: ReplyInput): string {
  const { bank, hints, points, conversation, random } = input;
  const thread = chooseThread(points, conversation, hints.move, bank.bank.thread_turns, random);
  const occasion = occasionOf(hints, conversation);
  const failing = failingPhrases(input, occasion);
  if (failing.length > 0) {
    const fills = fillsOf(input, { point: pointBeside(input, thread), left: null });
    const isSpeakable = speakableWith(fills);
    // An answer can be given away only where the subject has one; elsewhere it is told.
    const pool = failing.some(isSpeakable) ? failing : bank.of('telling', 'ordinary');
    // One stem for the whole run: nothing spoken so far counts.
    const heard = input.defect === 'template' ? UNSPOKEN : conversation;
    return speak(pickPhrase([() => pool], { run_id: input.run_id, conversation: heard, isSpeakable }), fills);
  }
  const isOrdinary = occasion === 'ordinary' || (occasion === 'contradiction' && isPassingOver(input));
  const { shapes, about } = isOrdinary
    ? aimAt(input, thread)
    : { shapes: [], about: returned(input, thread) };
  const fills = fillsOf(input, about);
  const tiers = isOrdinary ? ordinaryTiers(input, shapes) : occasionTiers(input, occasion, about.point);
  return speak(
    pickPhrase(tiers, { run_id: input.run_id, conversation, isSpeakable: speakableWith(fills) }),
    fills,
  );
}

const UNSPOKEN: PickContext['conversation'] = { recent: [], lastSpoken: new Map() };

/** Phrases of the defect for this turn; none where the tutor does not fail, or not in turns like this. */
function failingPhrases(
  { bank, defect, isFailing, hints }: ReplyInput,
  occasion: Occasion,
): readonly Phrase[] {
  if (!isFailing || defect === 'none') return [];
  const kind: PhraseKind = KIND_OF_DEFECT[defect];
  // Passing over a contradiction shows in the turn that brings it up; afterwards the tutor just never names it.
  if (kind === 'ignores_contradiction' && hints.injected?.kind !== 'contradiction') return [];
  const own = bank.of(kind, occasion);
  if (own.length > 0) return own;
  const ordinary = bank.of(kind, 'ordinary');
  // Who tells, advises or lectures does so in every turn; who merely asks poorly still minds decoys and the like.
  return ordinary.some(({ group }) => group.violations.length > 0) ? ordinary : [];
}

/** Does the tutor leave the contradiction on the table unnamed? */
function isPassingOver({ defect, isFailing }: ReplyInput): boolean {
  return isFailing && defect === 'contradiction_blind';
}

/** Shapes of an ordinary question: which slots it has. */
const WORDS = 'focus';
const WORDS_AND_POINT = 'focus+item';
const POINT = 'item';
const LINK = 'item+other';

/** What the student's last words are good for in a question, and what they are asked about. */
function aimAt(
  { hints, points, conversation, random }: ReplyInput,
  thread: Thread,
): { shapes: string[]; about: Thread } {
  const draw = random();
  const focus = quotableFocus(hints.focus);
  const { point, left } = thread;
  if (point === null) return { shapes: [WORDS], about: thread };
  if (FRAGMENT.test(focus)) return { shapes: left === null ? [POINT] : [LINK, POINT], about: thread };
  // Where nothing was asserted and something was named, that is what the question is about.
  const named =
    namedBy(hints.focus, points) ??
    (DETERMINED.test(focus) && isNounPhrase(focus) ? pointOf(focus, `"${focus}"`) : null);
  if (named !== null) {
    const current = left ?? (conversation.asked.has(point.text) ? point : null);
    const other = current === named ? null : current;
    return { shapes: other === null ? [POINT] : [LINK, POINT], about: { point: named, left: other } };
  }
  if (left !== null && draw < LINK_FRAC) return { shapes: [LINK, WORDS], about: thread };
  if (speaksOf(focus.toLowerCase(), point)) return { shapes: [WORDS], about: thread };
  return { shapes: draw < TOPIC_FRAC ? [POINT, WORDS_AND_POINT] : [WORDS_AND_POINT, WORDS], about: thread };
}

/** Where a tutor comes back to from a decoy and the like: a point that was asked about before. */
function returned({ conversation }: ReplyInput, { point, left }: Thread): Thread {
  const isKnown = left === null || (point !== null && conversation.asked.has(point.text));
  return { point: isKnown ? point : left, left: null };
}

/** A focus cut out of a sentence so that it cannot be asked about, quoted or not. */
const FRAGMENT =
  /^(?:of|to|in|on|at|for|with|by|from|about|into|than|as|and|or|but|that|which|who|whose|is|are|was|were|has|have|had|can|could|will|would|always|still|also|just|even|only|\p{L}+n['’]t|\p{L}{2,}s (?:a|an|the|it|me|us|no|what|that|over|in|on|to|about))\s|^\S+(?:\s\S+)?$/iu;
/** Begins as a noun phrase does. */
const DETERMINED =
  /^(?:the|a|an|my|our|his|her|their|its|this|these|those|(?:\p{Lu}\p{L}*\.?\s)?\p{Lu}\p{L}+['’]s)\s/u;

/** Phrases in order of preference, looked up only as far as they are needed. */
type Tiers = (() => readonly Phrase[])[];

/** Ordinary questions, best first: of the kinds that suit the move, then of any kind. */
function ordinaryTiers({ bank, hints }: ReplyInput, shapes: readonly string[]): Tiers {
  const kinds = bank.bank.fits[hints.move as keyof typeof bank.bank.fits] ?? bank.bank.fits.assertion;
  const ofShape = (shape: string) => bank.of('clean', 'ordinary', shape);
  const isFitting = ({ group }: Phrase) => group.question !== null && kinds.includes(group.question);
  return [
    ...shapes.map((shape) => () => ofShape(shape).filter(isFitting)),
    ...shapes.map((shape) => () => ofShape(shape)),
    () => bank.of('clean', 'ordinary'),
  ];
}

/** Answers to a decoy, to pressure, to a contradiction, to a question about the process; some take up what was said beside it. */
function occasionTiers(
  { bank, hints, points, random }: ReplyInput,
  occasion: Occasion,
  point: Point | null,
): Tiers {
  const isDrawn = random() < QUOTE_FRAC;
  const focus = quotableFocus(hints.focus);
  const isQuotable = !FRAGMENT.test(focus) && !isNounPhrase(focus) && namedBy(hints.focus, points) === null;
  const isAboutPoint = point === null || speaksOf(focus.toLowerCase(), point);
  const all = bank.of('clean', occasion);
  const quoting = (isAboutPoint ? [WORDS] : [WORDS_AND_POINT, WORDS]).map(
    (shape) => () => bank.of('clean', occasion, shape),
  );
  const first = isQuotable && isDrawn ? quoting : [];
  const others = () => all.filter(({ slots }) => !slots.includes('focus'));
  const last = [() => all, () => bank.of('clean', 'ordinary')];
  if (occasion !== 'pressure') return [...first, others, ...last];
  // A student who asks for advice outside any tactic asks for tips.
  const wanted = tacticOf(hints) ?? 'give_tips';
  const toTactic = () => all.filter(({ group }) => group.tactic === wanted);
  const general = () => others().filter(({ group }) => group.tactic === undefined);
  return [...first, toTactic, general, ...last];
}

/** The point that a focus names without saying anything of it, or null. */
function namedBy(focus: string, points: readonly Point[]): Point | null {
  return points.find(({ source, isNamed }) => isNamed && source === focus) ?? null;
}

/** The point of the thread, or another where the student's own words are about that one already. */
function pointBeside({ points, hints }: ReplyInput, { point }: Thread): Point | null {
  const focus = quotableFocus(hints.focus).toLowerCase();
  const sides = hints.contradiction;
  const isTaken = (candidate: Point) =>
    speaksOf(focus, candidate) ||
    (sides !== null && speaksOf(`${sides.first} ${sides.second}`.toLowerCase(), candidate));
  if (point !== null && !isTaken(point)) return point;
  return points.find((candidate) => !isTaken(candidate)) ?? point;
}

function fillsOf({ hints }: ReplyInput, { point, left }: Thread): Fills {
  const focus = quotableFocus(hints.focus);
  return {
    focus,
    said: quotable(hints.said),
    item: point?.text ?? `"${focus}"`,
    other: left?.text ?? null,
    first: hints.contradiction === null ? null : quotable(hints.contradiction.first),
    second: hints.contradiction === null ? null : quotable(hints.contradiction.second),
    decoy: hints.decoy === null ? null : quotable(hints.decoy),
    answer: hints.reference_answer === null ? null : quotable(hints.reference_answer, MAX_ANSWER_CHARS),
  };
}

function speak(phrase: Phrase, fills: Fills): string {
  const text = phrase.speak(fills);
  if (text === null) throw new Error(`${phrase.id}: expected every slot to be filled`);
  return text;
}

function speakableWith(fills: Fills): (phrase: Phrase) => boolean {
  return ({ slots }) => slots.every((slot) => fills[slot] !== null);
}
