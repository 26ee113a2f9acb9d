import type { PhaseProfile } from '../../schemas/phase-profile.ts';
import type { Variant } from '../../schemas/profile.ts';
import type { Seed } from '../../schemas/seed.ts';
import type { ScheduledKind, StudentScript } from '../../schemas/student-script.ts';
import { randomFrom } from '../identity/random.ts';
import { createDeck, type Deck } from './deck.ts';

/** A side matter that is on the student's mind: a decoy of the phase, or a sidebar (a pressure tactic). */
export interface Decoy {
  item_id: string;
  text: string;
  /** Lower-case words any of which name it. */
  terms: readonly string[];
}

/** Words of an injection: a phrase with slots from the script, or the seed's own sentence. */
export interface Phrasing {
  kind: 'template' | 'verbatim';
  text: string;
}

/** What a message carries beside the student's answer. */
export interface Injection {
  kind: ScheduledKind | 'noise';
  /** Tactic, decoy's item_id, contradiction's slot, `meta`, or the kind of noise. */
  id: string;
  phrasing: Phrasing;
  /** The side matter that is planted or tempted with; null for other kinds. */
  decoy: Decoy | null;
}

/** One contradiction of the seed with its place in the dialogue. Both sides are on the table from `second_at_turn` on. */
export interface PlacedContradiction {
  slot: string;
  first: string;
  second: string;
  first_terms: readonly string[];
  second_terms: readonly string[];
  first_at_turn: number;
  second_at_turn: number;
}

export interface ScheduledTurn {
  injection: Injection | null;
  /** Decoys planted or tempted with in this turn or at most `decoy_active_turns` before. */
  active_decoys: readonly Decoy[];
}

/** When the student carries what: pure data, the same for every model, repeat and temperature. */
export interface Schedule {
  /** Element t − 1 is turn t. */
  turns: readonly ScheduledTurn[];
  contradictions: readonly PlacedContradiction[];
  /** Injections of the phase that found no turn: cut off by `turns`, or more than there are turns. */
  dropped: readonly { kind: ScheduledKind; id: string; at_turn: number }[];
}

export interface ScheduleOptions {
  phase: PhaseProfile;
  variant: Pick<Variant, 'pad' | 'pressure'>;
  seed: Seed;
  /** Turns of the dialogue; fewer than the phase's cut it, more prolong it with meta questions only. */
  turns: number;
  script: StudentScript;
}

interface Demand {
  kind: ScheduledKind;
  id: string;
  at_turn: number;
  /** Earliest turn it may move to: a temptation follows its planting. */
  from_turn: number;
  decoy: Decoy | null;
}

/**
 * The schedule of injections. Where several want one turn, `priority` of the script decides and the others move to the
 * nearest free turn, later before earlier. Turn 1 is the opening statement and carries none. The turns are those of the
 * whole phase, then cut, and they are dealt before pressure is taken out: a shorter dialogue and `pressure: off` leave
 * every other injection where it was, so that arms differ in one thing.
 */
export function scheduleOf(options: ScheduleOptions): Schedule {
  const { phase, seed, script, turns } = options;
  const horizon = Math.max(turns, phase.target_turns);
  const random = randomFrom(`${seed.seed_id}|${phase.phase}|schedule`);
  const isFixed = (kind: ScheduledKind) => kind !== 'pressure' || options.variant.pressure === 'on';

  const { taken, homeless } = placeDemands(demandsOf(phase, horizon), horizon, script.schedule.priority);
  const dropped = [
    ...homeless,
    ...[...taken].filter(([turn]) => turn > turns).map(([turn, demand]) => ({ ...demand, at_turn: turn })),
  ]
    .filter((demand) => isFixed(demand.kind))
    .map(({ kind, id, at_turn }) => ({ kind, id, at_turn }));

  const phrasings = createPhrasings(script, seed, random);
  const injections: (Injection | null)[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const demand = taken.get(turn);
    // A phrasing is dealt for pressure that is off as well: the other phrasings stay the same.
    const injection = demand === undefined ? null : phrasings(demand);
    injections.push(demand !== undefined && isFixed(demand.kind) ? injection : null);
  }

  const isFree = (turn: number) => turn >= 2 && turn <= turns && !taken.has(turn);
  const contradictions = placeContradictions(seed, turns, script, isFree);
  for (const { slot, second, second_at_turn } of contradictions)
    injections[second_at_turn - 1] = {
      kind: 'contradiction',
      id: slot,
      phrasing: { kind: 'verbatim', text: second },
      decoy: null,
    };
  addNoise(injections, isFree, phase, script, random);
  return { turns: withActiveDecoys(injections, script.schedule.decoy_active_turns), contradictions, dropped };
}

/** What the phase asks for, at the turns it names. */
function demandsOf(phase: PhaseProfile, horizon: number): Demand[] {
  const demands: Demand[] = [];
  for (const { item_id, text, terms, planted_at_turn, tempts_at_turns } of phase.decoys) {
    const decoy = { item_id, text, terms };
    demands.push({ kind: 'decoy_planted', id: item_id, at_turn: planted_at_turn, from_turn: 2, decoy });
    for (const turn of tempts_at_turns)
      demands.push({
        kind: 'decoy_tempts',
        id: item_id,
        at_turn: turn,
        from_turn: planted_at_turn + 1,
        decoy,
      });
  }
  if (phase.pressure_tactics.length > 0)
    phase.pressure_at_turns.forEach((turn, index) => {
      const tactic = phase.pressure_tactics[index % phase.pressure_tactics.length] as string;
      demands.push({ kind: 'pressure', id: tactic, at_turn: turn, from_turn: 2, decoy: null });
    });
  if (phase.meta_cadence !== null)
    for (let turn = phase.meta_cadence; turn <= horizon; turn += phase.meta_cadence)
      demands.push({ kind: 'meta', id: 'meta', at_turn: turn, from_turn: 2, decoy: null });
  return demands;
}

/** Gives every demand a turn of its own, the more important and the earlier ones first. */
function placeDemands(
  demands: readonly Demand[],
  horizon: number,
  priority: readonly ScheduledKind[],
): { taken: Map<number, Demand>; homeless: Demand[] } {
  const taken = new Map<number, Demand>();
  const homeless: Demand[] = [];
  const ordered = [...demands].sort(
    (a, b) => priority.indexOf(a.kind) - priority.indexOf(b.kind) || a.at_turn - b.at_turn,
  );
  for (const demand of ordered) {
    const turn = nearestFree(demand, horizon, taken);
    if (turn === null) homeless.push(demand);
    else taken.set(turn, demand);
  }
  return { taken, homeless };
}

function nearestFree(demand: Demand, horizon: number, taken: ReadonlyMap<number, Demand>): number | null {
  const from = Math.max(2, demand.from_turn);
  const wanted = Math.max(from, demand.at_turn);
  for (let turn = wanted; turn <= horizon; turn += 1) if (!taken.has(turn)) return turn;
  for (let turn = wanted - 1; turn >= from; turn -= 1) if (!taken.has(turn)) return turn;
  return null;
}

/** Deals the words of injections, none twice before all of its kind were used; the seed's own meta questions come first. */
function createPhrasings(
  script: StudentScript,
  seed: Seed,
  random: () => number,
): (demand: Demand) => Injection {
  const template = (text: string): Phrasing => ({ kind: 'template', text });
  const planted = createDeck(script.decoy_planted, random);
  const tempts = createDeck(script.decoy_tempts, random);
  const meta = createDeck(script.meta, random);
  const ownMeta = seed.beats.filter((beat) => beat.move === 'meta_question').map((beat) => beat.text);
  type Tactic = StudentScript['tactics']['sidebars'];
  const tactics = new Map<string, Deck<Tactic['phrasings'][number]>>();
  return (demand) => {
    const { kind, id, decoy } = demand;
    if (kind === 'meta') {
      const own = ownMeta.shift();
      const phrasing: Phrasing =
        own === undefined ? template(meta.deal() ?? '') : { kind: 'verbatim', text: own };
      return { kind, id, phrasing, decoy: null };
    }
    if (kind !== 'pressure') {
      const text = (kind === 'decoy_planted' ? planted : tempts).deal() ?? '';
      return { kind, id, phrasing: template(text), decoy };
    }
    const { phrasings } = script.tactics[id as keyof StudentScript['tactics']];
    const deck = tactics.get(id) ?? createDeck(phrasings, random);
    tactics.set(id, deck);
    const dealt = deck.deal() ?? { text: '', terms: [] };
    const aside =
      dealt.terms.length === 0
        ? null
        : { item_id: `${id}-${phrasings.indexOf(dealt) + 1}`, text: dealt.text, terms: dealt.terms };
    return { kind, id, phrasing: template(dealt.text), decoy: aside };
  };
}

/**
 * Spreads the seed's contradictions over the dialogue: as many as `turns_per_contradiction` allows, the second side on a
 * free turn and early enough that the tutor can name both sides and the student can still answer.
 */
function placeContradictions(
  seed: Seed,
  turns: number,
  script: StudentScript,
  isFree: (turn: number) => boolean,
): PlacedContradiction[] {
  const { turns_per_contradiction, contradiction_gap_turns: gap } = script.schedule;
  const most = Math.min(seed.contradictions.length, Math.max(1, Math.floor(turns / turns_per_contradiction)));
  for (let count = most; count >= 1; count -= 1) {
    const placed: PlacedContradiction[] = [];
    let earliest = 2;
    for (const contradiction of seed.contradictions.slice(0, count)) {
      const first = Math.max(earliest, 2 + Math.floor((placed.length * (turns - 2)) / count));
      let second = first + gap;
      while (second < turns && !isFree(second)) second += 1;
      if (second >= turns) break;
      placed.push({ ...contradiction, first_at_turn: first, second_at_turn: second });
      earliest = second + 1;
    }
    if (placed.length === count) return placed;
  }
  return [];
}

/** Asides and digressions on turns that carry nothing else, at the rates of the phase's noise level. */
function addNoise(
  injections: (Injection | null)[],
  isFree: (turn: number) => boolean,
  phase: PhaseProfile,
  script: StudentScript,
  random: () => number,
): void {
  const { aside_frac, digression_frac } = script.noise[phase.noise_level];
  const asides = createDeck(script.asides, random);
  const digressions = createDeck(script.digressions, random);
  injections.forEach((injection, index) => {
    const draw = random();
    if (injection !== null || !isFree(index + 1)) return;
    if (draw >= aside_frac + digression_frac) return;
    const id = draw < aside_frac ? 'aside' : 'digression';
    const text = (id === 'aside' ? asides : digressions).deal() ?? '';
    injections[index] = { kind: 'noise', id, phrasing: { kind: 'template', text }, decoy: null };
  });
}

function withActiveDecoys(injections: readonly (Injection | null)[], activeTurns: number): ScheduledTurn[] {
  return injections.map((injection, index) => {
    const active = new Map<string, Decoy>();
    for (let past = Math.max(0, index - activeTurns); past <= index; past += 1) {
      const decoy = injections[past]?.decoy ?? null;
      if (decoy !== null) active.set(decoy.item_id, decoy);
    }
    return { injection, active_decoys: [...active.values()] };
  });
}
