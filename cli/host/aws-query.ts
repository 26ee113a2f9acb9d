import { AthenaClient } from '@aws-sdk/client-athena';
import { createAthenaQuery, type AthenaResult } from '../../adapters/aws/athena-query.ts';
import { required } from '../../adapters/aws/aws-lake.ts';
import { clientConfig } from '../../adapters/aws/client-config.ts';
import { awsPricesSchema, type AwsPrices } from '../../schemas/aws-prices.ts';
import { ENV } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { awsEnvironment } from './aws-environment.ts';
import { awsRetry } from './aws-account.ts';
import { folderConfig } from './folder-config.ts';

/** One query in the deployment's Athena workgroup, with the price table its cost is reckoned by. */
export async function queryAthena(
  sql: string,
  context: Pick<Context, 'lake' | 'environment' | 'configFolder'>,
): Promise<{ result: AthenaResult; prices: AwsPrices }> {
  const environment = awsEnvironment(context);
  const prices = await newestAwsPrices(context.configFolder);
  const query = createAthenaQuery({
    client: new AthenaClient(clientConfig(environment)),
    workgroup: required(environment, ENV.athenaWorkgroup),
    database: required(environment, ENV.athenaDatabase),
    usd_per_tb: prices.unit_prices.athena_usd_per_tb,
    retry: awsRetry,
  });
  // Athena takes a statement without its closing semicolon only.
  return { result: await query(sql.trim().replace(/;$/, '')), prices };
}

async function newestAwsPrices(configFolder: string | undefined): Promise<AwsPrices> {
  const files = await folderConfig(configFolder).files();
  const tables = files
    .filter(({ path }) => /^prices\/aws-[^/]*\.json$/.test(path))
    .map(({ text }) => awsPricesSchema.parse(JSON.parse(text)));
  return tables.reduce((a, b) => (a.prices_as_of >= b.prices_as_of ? a : b));
}
