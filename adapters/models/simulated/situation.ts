import type { Random } from '../../../core/identity/random.ts';
import type { ChatRequest, SimulationHints } from '../../../core/ports.ts';
import type { SimulatedTutor } from '../../../schemas/model-config.ts';
import { PRESSURE_TACTICS, type PressureTactic } from '../../../schemas/phase-profile.ts';
import type { Occasion, PhraseKind } from '../../../schemas/phrase-bank.ts';
import type { Conversation } from './conversation.ts';
import { quotable } from './fill-slots.ts';

/** What the student's turn asks of the tutor. A contradiction waits for a turn that asks for nothing else. */
export function occasionOf(hints: SimulationHints, conversation: Conversation): Occasion {
  if (hints.is_meta) return 'meta';
  if (hints.decoy !== null) return 'decoy';
  if (hints.injected?.kind === 'pressure') return 'pressure';
  if (isContradictionOpen(hints, conversation)) return 'contradiction';
  return hints.move === 'advice_request' ? 'pressure' : 'ordinary';
}

/** The pressure tactic of the turn, where the schedule names one. */
export function tacticOf(hints: SimulationHints): PressureTactic | null {
  if (hints.injected?.kind !== 'pressure') return null;
  const { id } = hints.injected;
  return PRESSURE_TACTICS.find((tactic) => id.startsWith(tactic)) ?? null;
}

function isContradictionOpen(hints: SimulationHints, conversation: Conversation): boolean {
  return hints.contradiction !== null && !conversation.surfaced.has(quotable(hints.contradiction.first));
}

/** Does the tutor fail in this turn? `random` decides where chance does. */
export function isFailing(
  failure: SimulatedTutor['failure'],
  turn: { turn_index: number; context_tokens: number; pressure_count: number },
  random: Random,
): boolean {
  switch (failure.when) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'from_turn':
      return turn.turn_index >= failure.turn;
    case 'probability':
      return random() < failure.probability;
    case 'context_tokens':
      return turn.context_tokens >= failure.tokens;
    case 'pressure':
      return turn.pressure_count >= failure.after;
  }
}

/** How each defect speaks when it shows. */
export const KIND_OF_DEFECT: Readonly<Record<Exclude<SimulatedTutor['defect'], 'none'>, PhraseKind>> = {
  telling: 'telling',
  lecture: 'lecture',
  advice: 'advice',
  leading: 'leading',
  multiple_questions: 'multiple_questions',
  template: 'template',
  forgetful: 'forgetful',
  decoy_chaser: 'follows_decoy',
  contradiction_blind: 'ignores_contradiction',
  meta_deaf: 'ignores_meta',
  injector: 'injector',
  echo: 'echo',
  directive: 'directive',
  praise_only: 'praise_only',
  reveals_answer: 'reveals_answer',
  answers_own_question: 'answers_own_question',
  closed_question: 'closed_question',
};

/** The hints of a request, or what the last message alone allows to hint at, where nobody gives any. */
export function hintsOf(request: ChatRequest): SimulationHints {
  if (request.hints !== undefined) return request.hints;
  const said = request.messages.findLast(({ role }) => role === 'user')?.text.slice(0, 2000) ?? '';
  return {
    said,
    move: null,
    injected: null,
    focus: said.split(/\s+/u).slice(0, 8).join(' '),
    salient: [],
    contradiction: null,
    decoy: null,
    is_meta: false,
    pressure_count: 0,
    reference_answer: null,
    goal: '',
  };
}
