import type { PhaseProfile } from '../../schemas/phase-profile.ts';
import type { Variant } from '../../schemas/profile.ts';
import type { Seed, StudentMove } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import type { StudentTurn } from '../../schemas/turn.ts';
import type { ReplyReading } from '../heuristics/read-reply.ts';
import { contentStems, wordsOf } from '../heuristics/text/words.ts';
import { randomFrom, type Random } from '../identity/random.ts';
import type { SimulationHints } from '../ports.ts';
import { focusOf } from './focus.ts';
import { hearReply, type Heard } from './hear-reply.ts';
import { createMaterial } from './material.ts';
import { mentionsAny, namesSide } from './mentions.ts';
import { PASTE_BREAK, paddingOf, targetChars } from './padding.ts';
import { prepareScript, type PreparedScript } from './prepare-script.ts';
import { prepareSeed, type PreparedSeed } from './prepare-seed.ts';
import { createSalience, type Salience } from './salience.ts';
import { scheduleOf, type PlacedContradiction, type Schedule, type ScheduledTurn } from './schedule.ts';

export interface StudentOptions {
  seed: Seed;
  phase: PhaseProfile;
  variant: Pick<Variant, 'pad' | 'pressure'>;
  /** Turns of the dialogue. */
  turns: number;
  script: StudentScript;
  charsPerToken: number;
  systemPromptChars: number;
}

/** The next message of a student, and what a simulated tutor may know of it. */
export interface StudentReply {
  student: StudentTurn;
  hints: SimulationHints;
}

/** One turn of the student, as far as it is known before a word is said. */
export interface TurnAtHand {
  turn_index: number;
  heard: Heard;
  planned: ScheduledTurn;
  /** The side of a contradiction that is due in this turn. */
  due: { statement: string; contradiction: PlacedContradiction } | null;
  /** The tutor has just named both sides of a contradiction: the student gives way. */
  isGivingWay: boolean;
  /** Salient items that the tutor's reply speaks of. */
  askedItems: ReadonlySet<string>;
  /** Open questions heard since the last insight. */
  probes: number;
  random: Random;
}

/** What was said in a turn. */
export interface Utterance {
  /** The whole message without pasted material. */
  said: string;
  /** The student's own answer within it, cleanly spelt. */
  core: string;
  /** What the answer was built around, best first; empty where it was not built. */
  phrases: readonly string[];
  move: StudentMove | null;
}

/** The state of a dialogue on the student's side, whoever finds the words: the script or a model. */
export interface Scene {
  readonly seed: PreparedSeed;
  readonly script: PreparedScript;
  readonly schedule: Schedule;
  readonly salience: Salience;
  readonly key: string;
  readonly typoFrac: number;
  /** Begins turn 1, which answers nothing. */
  begin(): void;
  /** Hears the tutor's reply and begins the next turn. */
  hear(reading: ReplyReading, tutorText: string): TurnAtHand;
  isProtected(word: string, turn: TurnAtHand): boolean;
  /** Ends the turn: adds what is pasted, and gives the message and the hints. */
  finish(utterance: Utterance): StudentReply;
}

/** Questions that the student remembers, to notice a repeated one. */
const REMEMBERED_QUESTIONS = 3;

export function createScene(options: StudentOptions): Scene {
  const { phase, variant, turns } = options;
  const seed = prepareSeed(options.seed);
  const script = prepareScript(options.script);
  const { listening } = options.script;
  // Neither pad nor pressure: the arms of a factorial share every draw.
  const key = `${options.seed.seed_id}|${phase.phase}`;
  const schedule = scheduleOf(options);
  const padding = paddingOf({ ...options, pad: variant.pad });
  const material = createMaterial({ seed: options.seed, script: options.script, key });
  const salience = createSalience(seed.items, options.script.salience);
  const sides = schedule.contradictions.map((placed) => {
    const rule = { least_words: listening.named_least_words, least_frac: listening.named_least_frac };
    const first = { text: placed.first, terms: placed.first_terms };
    const second = { text: placed.second, terms: placed.second_terms };
    const isFirst = namesSide(first, second, rule);
    const isSecond = namesSide(second, first, rule);
    return {
      slot: placed.slot,
      isNamed: (text: string, stems: ReadonlySet<string>) => isFirst(text, stems) && isSecond(text, stems),
    };
  });

  let turn_index = 0;
  let contextChars = options.systemPromptChars;
  let probes = 0;
  let pressure_count = 0;
  let lastCore = '';
  const resolved = new Set<string>();
  const recentQuestions: string[] = [];

  const isOpen = (placed: PlacedContradiction, before: number) =>
    placed.second_at_turn <= before && !resolved.has(placed.slot);
  const paste = (said: string): string => {
    let text = said;
    for (const chars of padding[turn_index - 1] ?? []) {
      const page = material.paste(chars - PASTE_BREAK.length);
      if (page !== '') text += PASTE_BREAK + page;
    }
    // The target is a floor: where replies or messages came shorter than assumed, the last turn makes up for it.
    const missing = targetChars(options) - contextChars - text.length;
    return turn_index === turns && missing > 0 ? text + PASTE_BREAK + material.pasteAtLeast(missing) : text;
  };
  const planned = (): ScheduledTurn =>
    schedule.turns[turn_index - 1] ?? { injection: null, active_decoys: [] };

  return {
    seed,
    script,
    schedule,
    salience,
    key,
    typoFrac: options.script.noise[phase.noise_level].typo_frac,
    begin() {
      turn_index += 1;
    },
    hear(reading, tutorText) {
      contextChars += tutorText.length;
      const open = sides.filter((_, index) => {
        const placed = schedule.contradictions[index];
        return placed !== undefined && isOpen(placed, turn_index);
      });
      const heard = hearReply(reading, tutorText, {
        prepared: script,
        isKnown: (stem) => seed.vocabulary.has(stem) || contentStems(wordsOf(lastCore)).has(stem),
        isSideMatter: (question) =>
          planned().active_decoys.some((decoy) => mentionsAny(decoy.terms)(question)),
        open,
        recentQuestions,
      });
      turn_index += 1;
      for (const slot of heard.named) resolved.add(slot);
      recentQuestions.push(heard.question);
      if (recentQuestions.length > REMEMBERED_QUESTIONS) recentQuestions.shift();
      if (script.probing.has(heard.act)) probes += 1;
      return {
        turn_index,
        heard,
        planned: planned(),
        due: dueAt(schedule, turn_index),
        isGivingWay: heard.named.length > 0,
        askedItems: new Set(
          seed.items.filter(({ isMentioned }) => isMentioned(tutorText)).map(({ item }) => item.item_id),
        ),
        probes,
        random: randomFrom(`${key}|turn|${turn_index}`),
      };
    },
    isProtected(word, turn) {
      const lower = word.toLowerCase();
      return (
        seed.protectedWords.has(lower) ||
        turn.planned.active_decoys.some((decoy) => decoy.terms.includes(lower))
      );
    },
    finish({ said, core, phrases, move }) {
      const { injection } = planned();
      if (move === 'insight') probes = 0;
      if (injection?.kind === 'pressure') pressure_count += 1;
      const mentioned = salience.mention(core, turn_index);
      lastCore = core;
      const text = paste(said);
      contextChars += text.length;
      const injected = injection === null ? null : { kind: injection.kind, id: injection.id };
      const student: StudentTurn = { text, said_chars: said.length, move, injected };
      const open = schedule.contradictions.findLast((placed) => isOpen(placed, turn_index));
      const tempts = injection?.kind === 'decoy_tempts' || injection?.kind === 'pressure';
      const hints: SimulationHints = {
        said,
        move,
        injected,
        focus: focusOf({
          text: core,
          phrases,
          items: mentioned,
          isSalient: (clause) => seed.items.some(({ isMentioned }) => isMentioned(clause)),
        }),
        salient: salience.alive(turn_index),
        contradiction: open === undefined ? null : { first: open.first, second: open.second },
        decoy: tempts ? (injection.decoy?.text ?? null) : null,
        is_meta: injection?.kind === 'meta',
        pressure_count,
        reference_answer: options.seed.reference_answer ?? null,
        goal: options.seed.goal,
      };
      return { student, hints };
    },
  };
}

function dueAt(schedule: Schedule, turn: number): TurnAtHand['due'] {
  for (const contradiction of schedule.contradictions) {
    if (contradiction.first_at_turn === turn) return { statement: contradiction.first, contradiction };
    if (contradiction.second_at_turn === turn) return { statement: contradiction.second, contradiction };
  }
  return null;
}
