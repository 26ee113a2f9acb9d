import { z } from 'zod';
import { dateOfMs } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { ulidTimeMs } from '../../core/identity/ulid.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { parseJsonLines } from '../../core/tasks/text-codec.ts';
import {
  executionIdSchema,
  modelIdSchema,
  phaseSchema,
  runIdSchema,
  slugSchema,
  weekSchema,
} from '../../schemas/common.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { executionSummarySchema } from '../../schemas/execution-summary.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import { turnSchema } from '../../schemas/turn.ts';
import { weeklySummarySchema } from '../../schemas/weekly-summary.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { officialOf, readOfficial, readRecord, readRecords, readSummary } from '../lake-records.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';

const none = z.strictObject({});
const limit = (most: number, standard: number) =>
  z.coerce.number<string>().int().min(1).max(most).default(standard);

const runPageSchema = z.object({
  execution_id: executionIdSchema,
  series: slugSchema,
  week: weekSchema,
  items: z.array(runSummarySchema),
  next_cursor: z.string().nullable().describe('null on the last page'),
});

const runsQuerySchema = z.strictObject({
  week: weekSchema.optional().describe('default: the newest'),
  series: slugSchema.optional().describe('default: `weekly…` if there is one, else the series last run'),
  model: modelIdSchema.optional(),
  phase: phaseSchema.optional(),
  sort: z
    .enum(['plan', 'worst_half_life', 'best_compliance'])
    .default('plan')
    .describe('ranked listings are one page and take neither model, phase nor cursor'),
  limit: limit(200, 50),
  cursor: z.string().min(1).max(400).optional(),
});

const runsRoute = route({
  method: 'GET',
  path: '/runs',
  summary: 'Runs of the official execution of a week, in plan order or ranked',
  params: none,
  query: runsQuerySchema,
  answer: { status: 200, description: 'one page of runs', schema: runPageSchema },
  problems: [],
  handle: async ({ query }, ports) => {
    const { week, series, model, phase, sort } = query;
    if (sort !== 'plan') return ranked(sort, query, ports);
    const filters = { week, series, model, phase };
    const from = query.cursor === undefined ? null : readCursor(query.cursor, filters);
    const execution =
      from === null
        ? await officialOf(ports.store, series, week)
        : await executionOf(ports, from.execution_id);
    const plan = execution.plan_key === null ? null : await readPlan(ports.store, execution.plan_key);
    if (plan === null) throw new ApiProblem(404, `${execution.execution_id}: no plan in this lake`);
    const rows = plan.filter(
      (row) => (model === undefined || row.model === model) && (phase === undefined || row.phase === phase),
    );
    const start = from?.row ?? 0;
    const end = start + query.limit;
    const keys = rows.slice(start, end).map((row) => lakeKeys.score(row.dt, row.run_id));
    return {
      status: 200,
      json: {
        execution_id: execution.execution_id,
        series: execution.series,
        week: execution.week,
        items: await readRecords(ports.store, keys, runSummarySchema),
        next_cursor:
          end < rows.length ? writeCursor({ execution_id: execution.execution_id, row: end }, filters) : null,
      },
    };
  },
});

async function ranked(
  sort: 'worst_half_life' | 'best_compliance',
  query: z.output<typeof runsQuerySchema>,
  ports: ApiPorts,
) {
  const surplus = (['model', 'phase', 'cursor'] as const).filter((name) => query[name] !== undefined);
  if (surplus.length > 0)
    throw new ApiProblem(400, `query.${surplus[0]}: expected none beside sort=${sort}`, {
      errors: surplus.map((name) => ({ path: `query.${name}`, reason: `expected none beside sort=${sort}` })),
    });
  const { execution_id, series, week } = await officialOf(ports.store, query.series, query.week);
  const read = sort === 'worst_half_life' ? ports.index.worstHalfLives : ports.index.topCompliance;
  const items = await read(series, week, query.limit);
  return { status: 200 as const, json: { execution_id, series, week, items, next_cursor: null } };
}

const runRoute = route({
  method: 'GET',
  path: '/runs/{id}',
  summary: 'One run',
  params: z.strictObject({ id: runIdSchema }),
  query: none,
  answer: { status: 200, description: 'its summary', schema: runSummarySchema },
  problems: [],
  handle: async ({ params }, ports) => ({ status: 200, json: await runOf(ports, params.id) }),
});

const turnsRoute = route({
  method: 'GET',
  path: '/runs/{id}/turns',
  summary: 'The dialogue of one run, turn by turn, scored',
  params: z.strictObject({ id: runIdSchema }),
  query: none,
  answer: {
    status: 200,
    description: 'its turns; none for a run that was skipped or failed before its first',
    schema: z.object({ run_id: runIdSchema, turns: z.array(turnSchema) }),
  },
  problems: [],
  handle: async ({ params }, ports) => {
    const key = lakeKeys.judged(await runOf(ports, params.id));
    const bytes = await ports.store.get(key);
    return {
      status: 200,
      json: { run_id: params.id, turns: bytes === null ? [] : parseJsonLines(bytes, key) },
    };
  },
});

/** A run by its id, whose time is the scheduled one: it names the day under which the summary lies. */
async function runOf({ store }: ApiPorts, run_id: string): Promise<RunSummary> {
  const found = await readRecord(
    store,
    lakeKeys.score(dateOfMs(ulidTimeMs(run_id)), run_id),
    runSummarySchema,
  );
  if (found !== null) return found;
  throw new ApiProblem(404, `no run ${run_id} in this lake`);
}

const weekRoute = route({
  method: 'GET',
  path: '/weeks/{week}',
  summary: 'What the official execution of a week found',
  params: z.strictObject({ week: weekSchema }),
  query: z.strictObject({ series: slugSchema.optional() }),
  answer: { status: 200, description: 'its summary, with the weekly rows', schema: executionSummarySchema },
  problems: [],
  handle: async ({ params, query }, ports) => {
    const { execution_id } = await officialOf(ports.store, query.series, params.week);
    return { status: 200, json: await readSummary(ports.store, execution_id) };
  },
});

const trendRoute = route({
  method: 'GET',
  path: '/models/{id}/trend',
  summary: "One model's weekly rows over official executions, oldest first",
  params: z.strictObject({ id: modelIdSchema }),
  query: z.strictObject({
    series: slugSchema.optional(),
    variant: slugSchema.default('main'),
    phase: z.union([phaseSchema, z.literal(ALL_PHASES)]).default(ALL_PHASES),
    weeks: limit(104, 12).describe('how many of the last official weeks'),
  }),
  answer: {
    status: 200,
    description: 'rows of different measure_sha256 are not comparable: a seam, not a change',
    schema: z.object({
      model: modelIdSchema,
      series: slugSchema,
      variant: slugSchema,
      phase: z.string(),
      points: z.array(weeklySummarySchema),
    }),
  },
  problems: [],
  handle: async ({ params, query }, { store }) => {
    const { series, executions } = await readOfficial(store, query.series);
    const keys = executions
      .slice(-query.weeks)
      .map(({ execution_id }: Execution) => lakeKeys.summary(execution_id));
    const summaries = await readRecords(store, keys, executionSummarySchema);
    const points = summaries.flatMap(({ weekly }) =>
      weekly.filter(
        (row) => row.model === params.id && row.variant === query.variant && row.phase === query.phase,
      ),
    );
    if (points.length === 0)
      throw new ApiProblem(
        404,
        `series ${series}: no row of ${params.id}, variant ${query.variant}, phase ${query.phase}`,
      );
    return {
      status: 200,
      json: { model: params.id, series, variant: query.variant, phase: query.phase, points },
    };
  },
});

const executionRoute = route({
  method: 'GET',
  path: '/executions/{id}',
  summary: 'How an execution stands',
  params: z.strictObject({ id: executionIdSchema }),
  query: none,
  answer: { status: 200, description: 'its record', schema: executionSchema },
  problems: [],
  handle: async ({ params }, ports) => ({ status: 200, json: await executionOf(ports, params.id) }),
});

async function executionOf({ store }: ApiPorts, execution_id: string): Promise<Execution> {
  const found = await readRecord(store, lakeKeys.status(execution_id), executionSchema);
  if (found !== null) return found;
  throw new ApiProblem(404, `no execution ${execution_id} in this lake`);
}

const healthRoute = route({
  method: 'GET',
  path: '/healthz',
  summary: 'Is the server up?',
  params: none,
  query: none,
  answer: {
    status: 200,
    description: 'it is',
    schema: z.object({ status: z.literal('ok'), version: z.string() }),
  },
  problems: [],
  handle: async (_given, { version }) => ({ status: 200, json: { status: 'ok', version } }),
});

/** Routes that read what executions left. */
export const READ_ROUTES: readonly Route[] = [
  runsRoute,
  runRoute,
  turnsRoute,
  weekRoute,
  trendRoute,
  executionRoute,
  healthRoute,
];
