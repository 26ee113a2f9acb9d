import type { Random } from '../../../core/identity/random.ts';
import type { SimulationHints } from '../../../core/ports.ts';
import type { SimulatedTutor } from '../../../schemas/model-config.ts';
import type { Occasion, PhraseKind } from '../../../schemas/phrase-bank.ts';
import type { CompiledBank, Phrase } from './compiled-bank.ts';
import type { Conversation } from './conversation.ts';
import { quotable, quotableFocus, type Fills } from './fill-slots.ts';
import { pickPhrase } from './pick-phrase.ts';
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
    const speakable = failing.filter((phrase) => isSpeakable(phrase, fills));
    const pool = speakable.length > 0 ? speakable : bank.of('telling', 'ordinary');
    return speak(input.defect === 'template' ? stemOf(input, pool) : pickPhrase([pool], input), fills);
  }
  const isOrdinary = occasion === 'ordinary' || isPassingOverContradiction(input);
  const { shapes, about } = isOrdinary ? aimAt(input, thread) : { shapes: [], about: thread };
  const fills = fillsOf(input, about);
  const tiers = isOrdinary ? ordinaryTiers(input, shapes) : occasionTiers(input, occasion);
  return speak(
    pickPhrase(
      tiers.map((tier) => tier.filter((phrase) => isSpeakable(phrase, fills))),
      input,
    ),
    fills,
  );
}

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

function isPassingOverContradiction({ defect, isFailing, hints }: ReplyInput): boolean {
  return isFailing && defect === 'contradiction_blind' && hints.contradiction !== null;
}

/** Shapes of an ordinary question: which slots it has. */
const WORDS = 'focus';
const WORDS_AND_POINT = 'focus+item';
const POINT = 'item';
const LINK = 'item+other';

/** What the student's last words are good for in a question, and what they are asked about. */
function aimAt({ hints, points, random }: ReplyInput, thread: Thread): { shapes: string[]; about: Thread } {
  const draw = random();
  const focus = quotableFocus(hints.focus);
  const { point, left } = thread;
  if (point === null) return { shapes: [WORDS], about: thread };
  if (FRAGMENT.test(focus)) return { shapes: left === null ? [POINT] : [LINK, POINT], about: thread };
  const named = namedBy(hints.focus, points);
  if (named !== null) {
    // Nothing was asserted, something was named: that is what the question is about.
    const other = named === point ? left : point;
    return { shapes: other === null ? [POINT] : [LINK, POINT], about: { point: named, left: other } };
  }
  if (left !== null && draw < LINK_FRAC) return { shapes: [LINK, WORDS], about: thread };
  if (speaksOf(focus.toLowerCase(), point)) return { shapes: [WORDS], about: thread };
  return { shapes: draw < TOPIC_FRAC ? [POINT, WORDS_AND_POINT] : [WORDS_AND_POINT, WORDS], about: thread };
}

/** A focus cut out of a sentence so that it cannot be asked about, quoted or not. */
const FRAGMENT =
  /^(?:of|to|in|on|at|for|with|by|from|about|into|than|as|and|or|but|that|which|who|whose|is|are|was|were|has|have|had|can|could|will|would|always|still|also|just|even|only|\p{L}+n['’]t)\s|^\S+(?:\s\S+)?$/iu;

/** Ordinary questions, best first: of the kinds that suit the move, then of any kind. */
function ordinaryTiers({ bank, hints }: ReplyInput, shapes: readonly string[]): (readonly Phrase[])[] {
  const kinds = bank.bank.fits[hints.move as keyof typeof bank.bank.fits] ?? bank.bank.fits.assertion;
  const all = bank.of('clean', 'ordinary');
  const shaped = shapes.map((shape) => all.filter((phrase) => phrase.shape === shape));
  const fitting = shaped.map((phrases) =>
    phrases.filter(({ group }) => group.question !== null && kinds.includes(group.question)),
  );
  return [...fitting, ...shaped, all];
}

/** Answers to a decoy, to pressure, to a contradiction, to a question about the process; some take up what was said beside it. */
function occasionTiers(
  { bank, hints, points, random }: ReplyInput,
  occasion: Occasion,
): (readonly Phrase[])[] {
  const draw = random();
  const all = bank.of('clean', occasion);
  const quoting = all.filter(({ shape }) => shape === WORDS);
  const isQuotable = !FRAGMENT.test(quotableFocus(hints.focus)) && namedBy(hints.focus, points) === null;
  const first = isQuotable && draw < QUOTE_FRAC ? [quoting] : [];
  const others = all.filter(({ shape }) => shape !== WORDS);
  const rest = [others, quoting, bank.of('clean', 'ordinary')];
  if (occasion !== 'pressure') return [...first, ...rest];
  const tactic = tacticOf(hints) ?? 'give_tips';
  const general = others.filter(({ group }) => group.tactic === undefined);
  const toTactic = others.filter(({ group }) => group.tactic === tactic);
  return [...first, toTactic, general, quoting, bank.of('clean', 'ordinary')];
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

/** One stem for the whole run. */
function stemOf({ run_id, conversation }: ReplyInput, pool: readonly Phrase[]): Phrase {
  return pickPhrase([pool], { run_id, conversation: { ...conversation, lastSpoken: new Map(), recent: [] } });
}

function speak(phrase: Phrase, fills: Fills): string {
  const text = phrase.speak(fills);
  if (text === null) throw new Error(`${phrase.id}: expected every slot to be filled`);
  return text;
}

function isSpeakable({ slots }: Phrase, fills: Fills): boolean {
  return slots.every((slot) => fills[slot] !== null);
}
