import { join } from 'node:path';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { readNamedQueries } from '../../glue/named-queries.ts';
import { glueTables, type GlueColumn, type GlueTable } from '../../glue/table-definitions.ts';
import { LAKE_TABLES } from '../../schemas/lake-tables.ts';
import { IMMUTABLE_PREFIXES } from '../../schemas/names.ts';
import { acknowledge } from '../acknowledge.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { privateBucket } from './write-once.ts';

/** Weeks of an ISO year at most; a year without a week 53 has an empty partition more. */
const WEEKS_A_YEAR = 53;

/** SQL over the lake: the Glue tables of schemas/lake-tables.ts, a workgroup that stops dear queries, the saved queries. */
export class QueryStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names, root } = deployment;
    super(scope, 'Query', deployment, { env: { region: settings.region } });
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: names.database, description: 'The lake of socratic-bench' },
    });
    for (const table of projectedTables(deployment)) this.addTable(table, database, names.database);

    const results = new Bucket(this, 'Results', {
      ...privateBucket(settings),
      bucketName: names.athenaBucket,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(7) }],
    });
    acknowledge(
      results,
      'S1',
      'Results of queries, deleted after a week; Athena itself records who ran what.',
    );
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: names.workgroup,
      description:
        'Stops a query that would scan more than the cutoff; its settings overrule those of clients',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: settings.athenaCutoffBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${names.athenaBucket}/results/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
          expectedBucketOwner: this.account,
        },
      },
    });
    for (const query of readNamedQueries(join(root, 'glue', 'queries'))) {
      const saved = new CfnNamedQuery(this, `Query-${query.name}`, {
        name: query.name,
        description: query.question,
        database: names.database,
        workGroup: names.workgroup,
        queryString: query.sql,
      });
      saved.addResourceDependency(workgroup);
      saved.addResourceDependency(database);
    }
    new CfnOutput(this, 'AthenaWorkgroup', { value: names.workgroup });
    new CfnOutput(this, 'AthenaDatabase', { value: names.database });
  }

  private addTable(table: GlueTable, database: CfnDatabase, databaseName: string): void {
    const made = new CfnTable(this, `Table-${table.name}`, {
      catalogId: this.account,
      databaseName,
      tableInput: {
        name: table.name,
        description: table.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: table.parameters,
        partitionKeys: table.partitionKeys.map(column),
        storageDescriptor: {
          columns: table.columns.map(column),
          location: table.location,
          inputFormat: table.inputFormat,
          outputFormat: table.outputFormat,
          serdeInfo: {
            serializationLibrary: table.serde.library,
            parameters: table.serde.parameters,
          },
        },
      },
    });
    made.addResourceDependency(database);
  }
}

/** The tables, each in the bucket that its prefix lives in. */
function projectedTables({ settings, names, registry }: Deployment): GlueTable[] {
  const years = Array.from(
    { length: settings.lastYear - settings.firstYear + 1 },
    (_, index) => settings.firstYear + index,
  );
  const tablesIn = (bucket: string) =>
    glueTables({
      lakeUrl: `s3://${bucket}`,
      models: [...registry.models.keys()].sort(),
      weeks: years.flatMap((year) =>
        Array.from({ length: WEEKS_A_YEAR }, (_, index) => `${year}-W${String(index + 1).padStart(2, '0')}`),
      ),
      firstDate: `${settings.firstYear}-01-01`,
    });
  const inLake = tablesIn(names.lakeBucket);
  const inImmutable = tablesIn(names.immutableBucket);
  return inLake.map((table, index) =>
    IMMUTABLE_PREFIXES.some((prefix) => LAKE_TABLES[table.name].prefix.startsWith(prefix))
      ? inImmutable[index]!
      : table,
  );
}

function column({ name, type, comment }: GlueColumn): { name: string; type: string; comment: string } {
  return { name, type, comment };
}
