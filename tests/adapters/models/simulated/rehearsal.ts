import { readFileSync } from 'node:fs';
import { compileBank } from '../../../../adapters/models/simulated/compiled-bank.ts';
import { createSimulatedTutor } from '../../../../adapters/models/simulated/simulated-tutor.ts';
import type { ChatMessage, ChatModel, ChatResult, SimulationHints } from '../../../../core/ports.ts';
import { modelConfigSchema, type ModelConfig } from '../../../../schemas/model-config.ts';
import { phraseBankSchema } from '../../../../schemas/phrase-bank.ts';

/** Fixtures of the suites in this folder: the shipped bank, model configurations and a student of plain cloth. */
const readConfig = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../config/${path}`, import.meta.url), 'utf8'));

export const BANK = phraseBankSchema.parse(readConfig('simulated/phrases-1.0.json'));
export const COMPILED = compileBank(BANK);

/** A tutor of the registry's form. */
export function tutorConfig(
  simulated: Partial<Extract<NonNullable<ModelConfig['simulated']>, { kind: 'tutor' }>>,
  rest: Partial<ModelConfig> = {},
): ModelConfig {
  return modelConfigSchema.parse({
    ...BASE,
    ...rest,
    simulated: {
      kind: 'tutor',
      defect: 'none',
      failure: { when: 'never' },
      latency_ms: { median: 900, sigma: 0.4 },
      ...simulated,
    },
  });
}

/** A judge of the registry's form. */
export function judgeConfig(
  simulated: Partial<Extract<NonNullable<ModelConfig['simulated']>, { kind: 'judge' }>>,
  rest: Partial<ModelConfig> = {},
): ModelConfig {
  return modelConfigSchema.parse({
    ...BASE,
    model_id: 'sim-judge',
    ...rest,
    simulated: {
      kind: 'judge',
      confusion: 'default',
      latency_ms: { median: 1400, sigma: 0.4 },
      ...simulated,
    },
  });
}

const BASE = {
  model_id: 'sim-tutor',
  provider: 'simulated',
  vendor: 'simulated',
  endpoint: 'simulated/sim-tutor',
  version: '1',
  usd_per_1m_input_tokens: 0,
  usd_per_1m_output_tokens: 0,
  usd_per_1m_cache_read_tokens: 0,
  usd_per_1m_cache_write_tokens: 0,
  prices_as_of: '2026-11-01',
  context_window_tokens: 1_000_000,
  max_output_tokens: 300,
  reasoning: { is_on: false, budget_tokens: 0 },
  supports: { temperature: true, system: true, forced_tool: true, cache: 'none' },
  lifecycle: { status: 'active' },
};

/** A run id in the form of a ULID. */
export const runId = (n: number) => `01JD0000000000000000${String(n).padStart(6, '0')}`;

export const SALIENT = [
  { item_id: 'approval', text: 'my approval of everything' },
  { item_id: 'ready', text: "the team isn't ready" },
  { item_id: 'pricing', text: 'the pricing page that went wrong' },
  { item_id: 'quiet', text: 'my team has gone quiet' },
  { item_id: 'evenings', text: 'my evenings and weekends' },
  { item_id: 'date', text: 'never missing a date' },
];
export const FIRST = 'A good leader makes the important decisions herself.';
export const SECOND = 'The best boss I ever had let me decide.';
export const DECOY = 'someone on my street is selling an old bicycle';

const SAYS: readonly [move: string, said: string, focus: string][] = [
  ['assertion', 'If I stop approving, quality drops within a week.', 'quality drops within a week'],
  ['example', 'Tomas waited two days for a button colour.', 'Tomas waited two days'],
  ['confusion', 'I thought that was the same thing.', 'I thought that was the same thing'],
  ['assertion', 'Leadership means that you own the outcome.', 'you own the outcome'],
  ['concession', "One mistake in fourteen months isn't much.", "one mistake isn't much evidence"],
  ['insight', 'Maybe the silence is about me.', 'maybe the silence is about me'],
  ['deflection', 'Half of this is really about our budget.', 'half of this is about budget'],
  ['confusion', 'I get lost when I come to this: my evenings and weekends.', 'my evenings and weekends'],
  ['example', 'I think of the quarterly meeting with Hanneke.', 'of the quarterly meeting with Hanneke'],
  ['example', 'The map of the quay shows it.', 'the map of the quay'],
  ['assertion', 'People look at me when something breaks.', 'people look at me in silence'],
];

/** What happens in turn t: a contradiction at 6, a decoy at 9, 19, …, pressure at 12, 22, …, a meta question at 15, 25, … */
export function hintsAt(turn: number, surfaced: boolean): SimulationHints {
  const [move, said, focus] = SAYS[turn % SAYS.length]!;
  const isDecoy = turn % 10 === 9;
  const isPressure = turn > 10 && turn % 10 === 2;
  const isMeta = turn > 10 && turn % 10 === 5;
  return {
    said,
    move: isMeta ? 'meta_question' : move,
    injected: isDecoy
      ? { kind: 'decoy_tempts', id: 'bicycle' }
      : isPressure
        ? { kind: 'pressure', id: 'give_tips' }
        : isMeta
          ? { kind: 'meta', id: 'meta' }
          : turn === 6
            ? { kind: 'contradiction', id: 'who-decides' }
            : null,
    focus,
    salient: [...SALIENT.slice(turn % SALIENT.length), ...SALIENT.slice(0, turn % SALIENT.length)],
    contradiction: turn >= 6 && !surfaced ? { first: FIRST, second: SECOND } : null,
    decoy: isDecoy ? DECOY : null,
    is_meta: isMeta,
    pressure_count: Math.max(0, Math.floor((turn - 2) / 10)),
    reference_answer: null,
    goal: 'The student sees that readiness is learned by deciding.',
  };
}

/** One turn of a rehearsed dialogue. */
export interface Rehearsed {
  turn: number;
  hints: SimulationHints;
  result: ChatResult;
}

export interface Rehearsal {
  model: ChatModel;
  run_id: string;
  turns: number;
  messages?: ChatMessage[];
  /** Characters pasted behind what is said in each turn. */
  pasted?: number;
}

/** Plays a dialogue; goes on behind the messages it is given. */
export async function rehearse({
  model,
  run_id,
  turns,
  messages = [],
  pasted = 0,
}: Rehearsal): Promise<Rehearsed[]> {
  const heard: Rehearsed[] = [];
  for (let turn = messages.length / 2 + 1; turn <= turns; turn += 1) {
    const surfaced = messages.some(({ role, text }) => role === 'assistant' && namesBothSides(text));
    const hints = hintsAt(turn, surfaced);
    messages.push({ role: 'user', text: hints.said + ' pasted '.repeat(pasted / 8) });
    const result = await model.chat({
      system: SYSTEM,
      messages,
      temperature: 0.7,
      max_output_tokens: 300,
      output: { kind: 'text' },
      call: { execution_id: 'e', run_id, turn_index: turn, component: 'dialogue', ask: 1 },
      hints,
    });
    messages.push({ role: 'assistant', text: result.text });
    heard.push({ turn, hints, result });
  }
  return heard;
}

export const SYSTEM = 'You are a Socratic tutor. '.repeat(40);

export function namesBothSides(text: string): boolean {
  return text.includes('important decisions') && text.includes('let me decide');
}

/** Plays a dialogue with the tutor of that description. */
export function rehearseTutor(
  simulated: Parameters<typeof tutorConfig>[0],
  run: number,
  turns = 40,
): Promise<Rehearsed[]> {
  const model = createSimulatedTutor(tutorConfig(simulated), BANK);
  return rehearse({ model, run_id: runId(run), turns });
}

/** The phrase a reply is, with its truth. Throws when the bank does not know it. */
export function truthOf(text: string) {
  const found = COMPILED.find(text);
  if (found === null) throw new Error(`not of the bank: ${text}`);
  return found;
}
