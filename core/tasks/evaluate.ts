import {
  evaluationSchema,
  fairnessSchema,
  type Evaluation,
  type EvaluationAnswer,
  type EvaluationRequest,
  type EvaluatorAbout,
  type Fairness,
  type FairnessRequest,
} from '../../schemas/evaluation.ts';
import type { Question } from '../../schemas/evaluator-config.ts';
import { ERROR, PREFIX } from '../../schemas/names.ts';
import { candidateSchema, type Candidate } from '../../schemas/label.ts';
import { NamedError } from '../errors.ts';
import { evaluationsCsv } from '../evaluator/evaluations-csv.ts';
import { goalOf } from '../evaluator/goal-of.ts';
import { createRateLimit } from '../evaluator/rate-limit.ts';
import { rougeL } from '../evaluator/rouge-l.ts';
import { scrubPii } from '../evaluator/scrub-pii.ts';
import { sentimentOf } from '../evaluator/sentiment.ts';
import { spreadOf } from '../evaluator/spread.ts';
import { canonicalSha256 } from '../identity/canonical-json.ts';
import { dateOf, dateOfMs, instantMs } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { ulidFrom, ulidTimeMs } from '../identity/ulid.ts';
import type { ObjectStore } from '../ports.ts';
import { createAnswerReader } from './evaluate-answer.ts';
import { createSocraticReader } from './evaluate-socratic.ts';
import type { EvaluatorPorts, EvaluatorSettings, Reader, Reading } from './evaluator-ports.ts';
import { decodeUtf8 } from './text-codec.ts';

export interface Evaluator {
  readonly about: EvaluatorAbout;
  /** Takes one of a client's evaluations a minute: null, or the seconds until there is one. */
  admit(client: string): number | null;
  evaluate(request: EvaluationRequest): Promise<EvaluationAnswer>;
  /** "Was this fair?": one more record beside the evaluation. Null when there is no such evaluation. */
  addFairness(evaluation_id: string, request: FairnessRequest): Promise<Fairness | null>;
  /** Every evaluation of the lake as CSV, oldest first. */
  exportCsv(): Promise<string>;
  /** Puts a Socratic turn into the queue of golden candidates. Null when there is no such evaluation. */
  sendToGolden(evaluation_id: string): Promise<{ item_id: string; outcome: 'written' | 'exists' } | null>;
}

/**
 * The evaluator of spec 4.5. An answer is scrubbed of personal data before anything is sent or stored; the same answer under
 * the same judge and prompt is read once (`evaluator/cache/<sha256>.json`), every evaluation leaves a record of its own.
 * Throws InvalidConfig on an unknown question or an answer too long, BudgetExhausted at the day's cap.
 */
export function createEvaluator(ports: EvaluatorPorts, settings: EvaluatorSettings): Evaluator {
  const { store, clock } = ports;
  const { config, judge } = settings;
  const questions = new Map(settings.questions.map((question) => [question.id, question]));
  const readers: Record<Evaluation['mode'], Reader> = {
    answer: createAnswerReader(ports, settings),
    socratic_turn: createSocraticReader(ports, judge),
  };
  const limit = createRateLimit(config.limits.requests_per_minute);
  const measure_sha256 = ports.measure.manifest.content.measure_sha256;

  const questionOf = (request: EvaluationRequest): Question => {
    if ('question' in request)
      return {
        id: 'own',
        question: scrubPii(request.question).text,
        answer: scrubPii(request.reference_answer).text,
      };
    const found = questions.get(request.question_id);
    if (found !== undefined) return found;
    throw refused(
      `question_id: expected one of the dataset's ${questions.size}, got "${request.question_id}"`,
    );
  };

  const readOnce = async (
    mode: Evaluation['mode'],
    question: Question,
    answer: string,
    repeat: number,
    execution_id: string,
  ): Promise<{ reading: Reading; is_cached: boolean; sha256: string }> => {
    const prompt = readers[mode].prompt(question, answer, repeat);
    const sha256 = canonicalSha256({
      mode,
      prompt,
      answer,
      config,
      judge: [judge.model_id, judge.endpoint, settings.temperature, settings.max_output_tokens],
      measure_sha256,
      repeat,
    });
    const key = `${PREFIX.evaluator}/cache/${sha256}.json`;
    const stored = await store.get(key);
    if (stored !== null)
      return { reading: JSON.parse(decodeUtf8(stored)) as Reading, is_cached: true, sha256 };
    const reading = await readers[mode].read(question, answer, repeat, execution_id);
    // Only what a judge said, or never will, is worth keeping: a refusal today may be a verdict tomorrow.
    if (reading.judge_outcome === 'judged' || reading.judge_outcome === 'abstained')
      await store.putIfAbsent(key, `${JSON.stringify(reading)}\n`);
    return { reading, is_cached: false, sha256 };
  };

  const find = async (evaluation_id: string): Promise<Evaluation | null> => {
    const bytes = await store.get(keyOf(evaluation_id));
    return bytes === null ? null : evaluationSchema.parse(JSON.parse(decodeUtf8(bytes)));
  };

  return {
    about: {
      judge_model: judge.model_id,
      is_simulated: judge.provider === 'simulated',
      is_paid: judge.usd_per_1m_input_tokens > 0 || judge.usd_per_1m_output_tokens > 0,
      notices: [...settings.notices],
      max_answer_chars: config.limits.answer_chars,
      max_repeats: config.limits.max_repeats,
      pass_score: ports.measure.rubric.pass_score,
      questions: settings.questions.map(({ id, question, tags, rubric }) => ({
        id,
        question,
        tags: tags ?? [],
        has_rubric: rubric !== undefined,
      })),
    },

    admit: (client) => limit(client, clock.monotonicMs()),

    async evaluate(request) {
      const { limits } = config;
      if (request.answer.length > limits.answer_chars)
        throw refused(
          `answer: expected at most ${limits.answer_chars} characters, got ${request.answer.length}`,
        );
      if (request.repeats > limits.max_repeats)
        throw refused(`repeats: expected at most ${limits.max_repeats}, got ${request.repeats}`);
      const question = questionOf(request);
      const { text: answer, removed } = scrubPii(request.answer);
      const created_at = clock.now();
      // One budget a day and cap: a batch with a cap of its own does not lower that of the page.
      const execution_id = `evaluator-${dateOf(created_at)}-${Math.round(settings.cap_usd * 1e6)}`;
      await ports.budget.open(execution_id, settings.cap_usd);
      const evaluations: Evaluation[] = [];
      for (let repeat = 1; repeat <= request.repeats; repeat += 1) {
        const { reading, is_cached, sha256 } = await readOnce(
          request.mode,
          question,
          answer,
          repeat,
          execution_id,
        );
        const prompt = readers[request.mode].prompt(question, answer, repeat);
        const record: Omit<Evaluation, 'evaluation_id'> = {
          created_at,
          mode: request.mode,
          question_id: question.id,
          question: question.question,
          answer,
          reference_answer: question.answer,
          ...reading,
          rouge_l: rougeOf(request.mode, answer, question.answer),
          judge_model: judge.model_id,
          is_simulated: judge.provider === 'simulated',
          prompt_sha256: canonicalSha256(prompt),
          repeat,
          is_cached,
          removed_pii: removed,
          cost_usd: is_cached ? 0 : reading.cost_usd,
        };
        evaluations.push(await writeRecord(store, record, sha256));
      }
      for (const evaluation of evaluations) await ports.appendLog?.(evaluation);
      return {
        evaluations,
        spread: spreadOf(evaluations.map(({ score }) => score)),
        prompt: readers[request.mode].prompt(question, answer, 1),
      };
    },

    async addFairness(evaluation_id, { tags, text }) {
      if ((await find(evaluation_id)) === null) return null;
      const said = scrubPii(text).text;
      const record = fairnessSchema.parse({
        evaluation_id,
        created_at: clock.now(),
        tags: [...new Set(tags)],
        text: said,
        sentiment: sentimentOf(said),
      });
      for (let n = 1; ; n += 1) {
        const key = keyOf(evaluation_id).replace(/\.json$/, `.feedback-${String(n).padStart(3, '0')}.json`);
        if ((await store.putIfAbsent(key, `${JSON.stringify(record)}\n`)) === 'written') break;
      }
      await ports.appendLog?.(record);
      return record;
    },

    async exportCsv() {
      const evaluations: Evaluation[] = [];
      const fairness: Fairness[] = [];
      for await (const { key } of store.list(`${PREFIX.evaluator}/dt=`)) {
        const value: unknown = JSON.parse(decodeUtf8((await store.get(key))!));
        if (/\.feedback-\d+\.json$/.test(key)) fairness.push(fairnessSchema.parse(value));
        else evaluations.push(evaluationSchema.parse(value));
      }
      return evaluationsCsv(evaluations, fairness);
    },

    async sendToGolden(evaluation_id) {
      const evaluation = await find(evaluation_id);
      if (evaluation === null) return null;
      if (evaluation.mode !== 'socratic_turn')
        throw refused(
          'a golden item is a tutor turn: expected an evaluation of mode socratic_turn, got answer',
        );
      const candidate: Candidate = candidateSchema.parse({
        item_id: `evaluator-${evaluation_id}`,
        domain: 'evaluator',
        goal: goalOf(evaluation.question),
        reference_answer: evaluation.reference_answer.slice(0, 400),
        context: [{ role: 'student', text: evaluation.question }],
        tutor_text: evaluation.answer,
        source: 'evaluator',
      });
      const outcome = await store.putIfAbsent(
        lakeKeys.candidate(candidate.item_id),
        `${JSON.stringify(candidate)}\n`,
      );
      return { item_id: candidate.item_id, outcome };
    },
  };
}

function rougeOf(mode: Evaluation['mode'], answer: string, reference: string): number | null {
  // A tutor turn that comes near the reference has given it away; its wording is no merit.
  return mode === 'answer' ? rougeL(answer, reference) : null;
}

function keyOf(evaluation_id: string): string {
  return lakeKeys.evaluation(dateOfMs(ulidTimeMs(evaluation_id)), evaluation_id);
}

/** Writes the record under an id of its time and content; asked twice in one millisecond, it is two records. */
async function writeRecord(
  store: ObjectStore,
  record: Omit<Evaluation, 'evaluation_id'>,
  sha256: string,
): Promise<Evaluation> {
  const timeMs = instantMs(record.created_at);
  for (let n = 0; ; n += 1) {
    const evaluation_id = ulidFrom(timeMs, canonicalSha256([sha256, record.created_at, n]));
    const evaluation = evaluationSchema.parse({ evaluation_id, ...record });
    if ((await store.putIfAbsent(keyOf(evaluation_id), `${JSON.stringify(evaluation)}\n`)) === 'written')
      return evaluation;
  }
}

function refused(message: string): NamedError {
  return new NamedError(ERROR.invalidConfig, message);
}
