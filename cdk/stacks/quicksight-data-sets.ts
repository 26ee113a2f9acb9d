import { join } from 'node:path';
import { CfnDataSet, CfnDataSource } from 'aws-cdk-lib/aws-quicksight';
import type { Construct } from 'constructs';
import { readNamedQueries } from '../../glue/named-queries.ts';
import type { Deployment } from './bench-stack.ts';

/** One data set: a saved query and the columns of it that a visual shows. */
interface DataSetPlan {
  id: string;
  title: string;
  query: string;
  columns: Readonly<Record<string, 'STRING' | 'DECIMAL'>>;
}

export const DATA_SETS = [
  {
    id: 'half-life',
    title: 'Half-life trend',
    query: '01_half_life_trend',
    columns: { series: 'STRING', model: 'STRING', phase: 'STRING', week: 'STRING', rmst_turns: 'DECIMAL' },
  },
  {
    id: 'violations',
    title: 'Violation mix',
    query: '03_violation_mix',
    columns: {
      series: 'STRING',
      model: 'STRING',
      phase: 'STRING',
      week: 'STRING',
      violation: 'STRING',
      per_100_turns: 'DECIMAL',
    },
  },
  {
    id: 'csd',
    title: 'CSD by dimension',
    query: '04_csd_by_model',
    columns: {
      series: 'STRING',
      model: 'STRING',
      phase: 'STRING',
      context_responsiveness: 'DECIMAL',
      salience_tracking: 'DECIMAL',
      red_herring_discipline: 'DECIMAL',
      adaptive_probing: 'DECIMAL',
      novelty_versus_template: 'DECIMAL',
      thread_continuity: 'DECIMAL',
      contradiction_handling: 'DECIMAL',
      meta_adaptation: 'DECIMAL',
    },
  },
  {
    id: 'cost',
    title: 'Cost by model',
    query: '06_cost_by_model',
    columns: {
      series: 'STRING',
      model: 'STRING',
      week: 'STRING',
      component: 'STRING',
      cost_usd: 'DECIMAL',
    },
  },
] as const satisfies readonly DataSetPlan[];
export type DataSetId = (typeof DATA_SETS)[number]['id'];

const OWNER_OF_SOURCE = ['DescribeDataSource', 'DescribeDataSourcePermissions', 'PassDataSource'];
const OWNER_OF_SET = [
  'DescribeDataSet',
  'DescribeDataSetPermissions',
  'PassDataSet',
  'DescribeIngestion',
  'ListIngestions',
  'CreateIngestion',
  'CancelIngestion',
];

/** The saved queries as data sets that ask Athena each time; gives their ARNs. */
export function quickSightDataSets(
  scope: Construct,
  { names, root }: Deployment,
  principal: string,
): Record<DataSetId, string> {
  const { account } = names.place;
  const allow = (actions: readonly string[]) => [
    { principal, actions: actions.map((action) => `quicksight:${action}`) },
  ];
  const source = new CfnDataSource(scope, 'Athena', {
    awsAccountId: account,
    dataSourceId: `${names.base}-athena`,
    name: names.base,
    type: 'ATHENA',
    dataSourceParameters: { athenaParameters: { workGroup: names.workgroup } },
    sslProperties: { disableSsl: false },
    permissions: allow(OWNER_OF_SOURCE),
  });
  const queries = new Map(
    readNamedQueries(join(root, 'glue', 'queries')).map((query) => [query.name, query.sql]),
  );
  const made = DATA_SETS.map(({ id, title, query, columns }: DataSetPlan) => {
    const sql = queries.get(query);
    if (sql === undefined)
      throw new Error(
        `glue/queries/${query}.sql: expected the saved query of the data set ${id}, got nothing`,
      );
    const set = new CfnDataSet(scope, `DataSet-${id}`, {
      awsAccountId: account,
      dataSetId: `${names.base}-${id}`,
      name: `${names.base} ${title}`,
      importMode: 'DIRECT_QUERY',
      permissions: allow(OWNER_OF_SET),
      physicalTableMap: {
        [id]: {
          customSql: {
            dataSourceArn: source.attrArn,
            name: title,
            sqlQuery: `SELECT ${Object.keys(columns).join(', ')} FROM (\n${qualified(sql, names.database)}\n) AS saved`,
            columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
          },
        },
      },
    });
    return [id, set.attrArn];
  });
  return Object.fromEntries(made) as Record<DataSetId, string>;
}

/** QuickSight sets no database: the tables of a saved query get theirs. */
function qualified(sql: string, database: string): string {
  return sql.replaceAll(
    /\b(FROM|JOIN) (executions|weekly_summary|ledger)\b/g,
    (_, keyword: string, table: string) => `${keyword} ${database}.${table}`,
  );
}
