import type { StudentMove } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import { randomFrom, type Random } from '../identity/random.ts';
import { createBeats } from './beats.ts';
import { createDeck, type Deck } from './deck.ts';
import type { PreparedAct } from './prepare-script.ts';
import { placeName } from './prepare-seed.ts';
import type { Injection } from './schedule.ts';
import type { Scene, TurnAtHand } from './scene.ts';
import { createFills, type Voice } from './speech-fills.ts';
import {
  capitalise,
  parseTemplate,
  renderTemplate,
  withStop,
  withoutStop,
  type Template,
} from './template.ts';

/** Words found for a turn. */
export interface Composition {
  /** The student's own answer: without opener and injection. */
  core: string;
  /** Topic and items that the answer was built around; empty where it is the seed's own words. */
  phrases: readonly string[];
  move: StudentMove;
  /** All that is said, in order; parts may be empty. */
  parts: readonly string[];
}

/** Finds the student's words. */
export interface Speech {
  compose(turn: TurnAtHand): Composition;
  /** The injection of the turn in words; '' when it carries none, or a statement of its own. */
  inject(turn: TurnAtHand): string;
  /** The move that the reply calls for, and the one that the message counts as with its injection. */
  chooseMove(turn: TurnAtHand): { own: StudentMove; shown: StudentMove };
}

/** Tries for an answer that was not given before. */
const MOST_TRIES = 6;

interface Rendered {
  text: string;
  phrases: readonly string[];
}
const NOTHING: Rendered = { text: '', phrases: [] };

/** Speech out of the seed's beats, each once, and then the script's frames. */
export function createSpeech(scene: Scene): Speech {
  const { seed, script } = scene;
  const random = randomFrom(`${scene.key}|speech`);
  const beats = createBeats(seed.seed.beats, random);
  const decks = new Map<string, Deck<Template>>();
  const given = new Set<string>();
  const voice: Voice = {
    salience: scene.salience,
    topics: createDeck(seed.topics.own, random),
    people: createDeck(seed.people.short, random),
    facts: createDeck(seed.facts.plain, random),
    place: placeName(seed.seed),
  };

  const deckOf = (name: string, templates: readonly Template[]): Deck<Template> => {
    const deck = decks.get(name) ?? createDeck(templates, random);
    decks.set(name, deck);
    return deck;
  };
  const render = (template: Template, turn: TurnAtHand, decoy = ''): Rendered => {
    const fills = createFills(voice, turn, decoy);
    const text = withStop(capitalise(renderTemplate(template, turn.random, fills.fill).trim()));
    return { text, phrases: fills.phrases() };
  };
  const openerOf = (turn: TurnAtHand, { openers }: PreparedAct): Rendered => {
    const takesUp = turn.random() < script.script.listening.take_up_frac;
    const name = takesUp && turn.heard.words !== null && openers.quoting.length > 0 ? 'quoting' : 'plain';
    return render(deckOf(`${turn.heard.act}|${name}`, openers[name]).deal() ?? [], turn);
  };
  const answerOf = (move: StudentMove, turn: TurnAtHand): Rendered => {
    const beat = beats.take(move, turn.askedItems);
    if (beat !== null) return { text: withStop(beat), phrases: [] };
    let answer = NOTHING;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      answer = render(deckOf(move, script.frames.get(move) ?? []).deal() ?? [], turn);
      if (!given.has(answer.text)) break;
    }
    given.add(answer.text);
    return answer;
  };

  const chooseMove = (turn: TurnAtHand): { own: StudentMove; shown: StudentMove } => {
    const { injection } = turn.planned;
    const injected = injection === null ? null : moveOf(injection, script.script);
    const options = actOf(scene, turn).next.filter(({ move }) => isAllowed(move, turn, scene, injected));
    const own = pickByWeight(options, turn.random) ?? 'assertion';
    if (turn.isGivingWay) return { own, shown: own };
    return { own, shown: injected ?? (turn.due === null ? own : 'assertion') };
  };
  const inject = (turn: TurnAtHand): string => {
    const { injection } = turn.planned;
    if (injection === null || injection.kind === 'contradiction') return '';
    const { phrasing, decoy } = injection;
    if (phrasing.kind === 'verbatim') return withStop(phrasing.text);
    return render(parseTemplate(phrasing.text), turn, withoutStop(decoy?.text ?? '')).text;
  };

  return {
    chooseMove,
    inject,
    compose(turn) {
      const act = actOf(scene, turn);
      const { own, shown } = chooseMove(turn);
      const opener = openerOf(turn, act);
      const isShort = turn.random() >= act.core_frac && !turn.isGivingWay;
      const statement = turn.due === null ? '' : withStop(turn.due.statement);
      // A statement that is due takes the place of the answer, unless the student has just to give way.
      const answer = isShort || (statement !== '' && !turn.isGivingWay) ? NOTHING : answerOf(own, turn);
      const core = [answer.text, statement].filter((part) => part !== '').join(' ');
      return {
        core: core === '' ? opener.text : core,
        phrases: core === '' ? [...opener.phrases, ...liveliest(scene, turn)] : answer.phrases,
        move: shown,
        parts: [opener.text, answer.text, statement, inject(turn)],
      };
    },
  };
}

/** What a bare "OK" is about: the item most alive. */
function liveliest(scene: Scene, turn: TurnAtHand): string[] {
  return scene.salience.alive(turn.turn_index).map(({ text }) => text);
}

function actOf(scene: Scene, turn: TurnAtHand): PreparedAct {
  const act = scene.script.acts.get(turn.heard.act);
  if (act === undefined) throw new Error(`student script: no act "${turn.heard.act}"`);
  return act;
}

/** The move that an injection makes of a message, whatever stands beside it; null where the student's own move stays. */
function moveOf(injection: Injection, script: StudentScript): StudentMove | null {
  switch (injection.kind) {
    case 'pressure':
      return script.tactics[injection.id as keyof StudentScript['tactics']].move;
    case 'decoy_tempts':
      return 'deflection';
    case 'meta':
      return 'meta_question';
    case 'contradiction':
      return 'contradiction';
    default:
      return null;
  }
}

function isAllowed(
  move: StudentMove,
  turn: TurnAtHand,
  { schedule, script: { script } }: Scene,
  injected: StudentMove | null,
): boolean {
  if (turn.isGivingWay) return true;
  if (injected !== null && !script.schedule.moves_beside.includes(move)) return false;
  // Before the scheduled contradictions are out, a stray one would take their place.
  if (move === 'contradiction')
    return schedule.contradictions.every((placed) => placed.second_at_turn < turn.turn_index);
  return move !== 'insight' || turn.probes >= script.listening.insight_after_questions;
}

function pickByWeight(
  options: readonly { move: StudentMove; weight: number }[],
  random: Random,
): StudentMove | null {
  let draw = random() * options.reduce((sum, { weight }) => sum + weight, 0);
  for (const { move, weight } of options) {
    draw -= weight;
    if (draw < 0) return move;
  }
  return null;
}
