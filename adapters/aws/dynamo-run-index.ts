import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { NamedError } from '../../core/errors.ts';
import { instantMs } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore, RunIndex } from '../../core/ports.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { ERROR, INDEX, TABLE } from '../../schemas/names.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import { weeklySummarySchema, type WeeklySummary } from '../../schemas/weekly-summary.ts';
import { callAws } from './call-aws.ts';
import { queryItems, setAttributes, toItem, type Item, type TableAccess } from './dynamo-items.ts';

/** Rows written at once: enough for 180 runs a second, far from a table's limits. */
const WRITES_AT_ONCE = 16;

/**
 * The run index in DynamoDB: six reads, each one query of a table or index of schemas/index-tables.ts. Rows hold their
 * record as JSON beside the key attributes, so what is read is what Aggregate computed.
 *
 * Which execution of a series and week is official is not copied into the tables: it changes when an execution ends. A row
 * `executions#<series>` names every recorded execution, and its status in the lake decides, one GET each.
 */
export function createDynamoRunIndex(access: TableAccess, store: ObjectStore): RunIndex {
  /** Official execution by week, of the weeks from `from` to before `before`. */
  async function officialOf(series: string, from: string, before: string): Promise<Map<string, string>> {
    const ids: string[] = [];
    const found = queryItems(access, TABLE.weeklySummaries, {
      index: null,
      where: 'series_model_variant_phase = :series AND week BETWEEN :from AND :before',
      values: { series: executionsOf(series), from, before },
      order: 'ascending',
    });
    for await (const item of found) ids.push(item['execution_id']!.S!);
    const official = new Map<string, Execution>();
    for (const execution of await Promise.all(ids.map((id) => readExecution(store, id)))) {
      if (execution?.state !== 'finished') continue;
      const standing = official.get(execution.week);
      if (standing === undefined || isLater(execution, standing)) official.set(execution.week, execution);
    }
    return new Map([...official].map(([week, { execution_id }]) => [week, execution_id]));
  }

  async function officialOfWeek(series: string, week: string): Promise<string | null> {
    // `~` sorts behind every character of an execution id.
    return (await officialOf(series, week, `${week}#~`)).get(week) ?? null;
  }

  function runsOfWeek(
    series: string,
    week: string,
    execution_id: string,
    index: string,
  ): AsyncGenerator<Item> {
    return queryItems(access, TABLE.runs, {
      index,
      where: 'series_week = :series_week',
      values: { series_week: `${series}#${week}`, execution_id },
      filter: 'execution_id = :execution_id',
      order: index === INDEX.halfLife ? 'ascending' : 'descending',
    });
  }

  return {
    async runById(run_id) {
      if (run_id === '') return null;
      const { Item } = await callAws(
        `read run ${run_id}`,
        () =>
          access.client.send(
            new GetItemCommand({
              TableName: `${access.tablePrefix}${TABLE.runs}`,
              Key: toItem({ run_id }),
              ConsistentRead: true,
            }),
          ),
        access.retry,
      );
      return Item?.['record'] === undefined ? null : runOf(Item);
    },

    async worstHalfLives(series, week, limit) {
      const execution_id = await officialOfWeek(series, week);
      const runs: RunSummary[] = [];
      if (execution_id === null || limit < 1) return runs;
      for await (const item of runsOfWeek(series, week, execution_id, INDEX.halfLife)) {
        runs.push(runOf(item));
        if (runs.length === limit) break;
      }
      return runs;
    },

    async topCompliance(series, week, limit) {
      const execution_id = await officialOfWeek(series, week);
      const runs: RunSummary[] = [];
      if (execution_id === null || limit < 1) return runs;
      for await (const item of runsOfWeek(series, week, execution_id, INDEX.compliance)) {
        const run = runOf(item);
        // Equal rates come in no order: all that tie with the last place are read, then the run id decides.
        if (runs.length >= limit && run.compliance_rate! < runs.at(-1)!.compliance_rate!) break;
        runs.push(run);
      }
      const rate = (run: RunSummary) => run.compliance_rate!;
      return runs.sort((a, b) => rate(b) - rate(a) || (a.run_id < b.run_id ? -1 : 1)).slice(0, limit);
    },

    async modelRuns(series, model, from_week, before_week) {
      if (from_week >= before_week) return [];
      const official = new Set((await officialOf(series, from_week, before_week)).values());
      const runs: RunSummary[] = [];
      const found = queryItems(access, TABLE.runs, {
        index: INDEX.modelWeek,
        where: 'model = :model AND week_run BETWEEN :from AND :before',
        values: { model, from: from_week, before: before_week },
        order: 'ascending',
      });
      for await (const item of found) if (official.has(item['execution_id']!.S!)) runs.push(runOf(item));
      return runs;
    },

    async weeklySummary(series, model, variant, phase, week) {
      const execution_id = await officialOfWeek(series, week);
      if (execution_id === null) return null;
      const { Item } = await callAws(
        `read the week ${week} of ${model}`,
        () =>
          access.client.send(
            new GetItemCommand({
              TableName: `${access.tablePrefix}${TABLE.weeklySummaries}`,
              Key: toItem({
                series_model_variant_phase: [series, model, variant, phase].join('#'),
                week: `${week}#${execution_id}`,
              }),
              ConsistentRead: true,
            }),
          ),
        access.retry,
      );
      return Item === undefined ? null : weekOf(Item);
    },

    async summariesOfWeek(series, week, phase) {
      const execution_id = await officialOfWeek(series, week);
      if (execution_id === null) return [];
      const rows: WeeklySummary[] = [];
      const found = queryItems(access, TABLE.weeklySummaries, {
        index: INDEX.week,
        where: 'series_week_phase = :series_week_phase',
        values: { series_week_phase: [series, week, phase].join('#'), execution_id },
        filter: 'execution_id = :execution_id',
        order: 'descending',
      });
      for await (const item of found) rows.push(weekOf(item));
      const name = (row: WeeklySummary) => `${row.model} ${row.variant}`;
      return rows.sort((a, b) => (name(a) < name(b) ? -1 : 1));
    },

    async record(runs, weekly) {
      for (const row of weekly) await recordWeek(access, row);
      let batch: Promise<void>[] = [];
      for await (const run of runs) {
        batch.push(recordRun(access, run));
        if (batch.length === WRITES_AT_ONCE) {
          await Promise.all(batch);
          batch = [];
        }
      }
      await Promise.all(batch);
      const row = weekly[0];
      if (row !== undefined)
        await setAttributes(
          access,
          TABLE.weeklySummaries,
          { series_model_variant_phase: executionsOf(row.series), week: `${row.week}#${row.execution_id}` },
          { execution_id: row.execution_id },
          null,
        );
    },
  };
}

async function recordRun(access: TableAccess, run: RunSummary): Promise<void> {
  const turn = run.half_life_turn === null ? '9999' : String(run.half_life_turn).padStart(4, '0');
  const isOurs = await setAttributes(
    access,
    TABLE.runs,
    { run_id: run.run_id },
    {
      execution_id: run.execution_id,
      series_week: `${run.series}#${run.week}`,
      half_life_sort: run.n_scored_turns === 0 ? null : `${turn}#${run.run_id}`,
      compliance_rate: run.compliance_rate,
      model: run.model,
      week_run: `${run.week}#${run.run_id}`,
      record: JSON.stringify(run),
    },
    'attribute_not_exists(#execution_id) OR #execution_id = :execution_id',
  );
  if (!isOurs)
    throw new NamedError(
      ERROR.planConflict,
      `run ${run.run_id}: the index holds it under another execution than ${run.execution_id}`,
      {
        hint: 'one lake and one set of tables belong together: check SOCRATIC_LAKE and SOCRATIC_TABLE_PREFIX',
      },
    );
}

async function recordWeek(access: TableAccess, row: WeeklySummary): Promise<void> {
  await setAttributes(
    access,
    TABLE.weeklySummaries,
    {
      series_model_variant_phase: [row.series, row.model, row.variant, row.phase].join('#'),
      week: `${row.week}#${row.execution_id}`,
    },
    {
      execution_id: row.execution_id,
      series_week_phase: [row.series, row.week, row.phase].join('#'),
      // The index sorts by it: a row without an estimate stands below all others instead of nowhere.
      rmst_turns: row.rmst_turns ?? -1,
      record: JSON.stringify(row),
    },
    null,
  );
}

const executionsOf = (series: string) => `executions#${series}`;

async function readExecution(store: ObjectStore, execution_id: string): Promise<Execution | null> {
  const bytes = await store.get(lakeKeys.status(execution_id));
  return bytes === null ? null : executionSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** The official execution is the last finished one, by end, then by id (spec 2.1). */
function isLater(a: Execution, b: Execution): boolean {
  const [endA, endB] = [a, b].map((one) => (one.ended_at === null ? 0 : instantMs(one.ended_at)));
  return endA === endB ? a.execution_id > b.execution_id : endA! > endB!;
}

function runOf(item: Item): RunSummary {
  return runSummarySchema.parse(JSON.parse(item['record']!.S!));
}

function weekOf(item: Item): WeeklySummary {
  return weeklySummarySchema.parse(JSON.parse(item['record']!.S!));
}
