import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import { NamedError } from '../../core/errors.ts';
import { closestName } from '../../core/manifest/closest-name.ts';
import { columnsOf, type Column } from '../../schemas/column-types.ts';
import { LAKE_TABLES, type LakeTable, type LakeTableName } from '../../schemas/lake-tables.ts';
import { ERROR } from '../../schemas/names.ts';
import { resultColumn, type SqlValue } from './duckdb-values.ts';
import { LOCAL_STATE } from './file-store.ts';
import { lakeFilesState } from './lake-files.ts';
import {
  duckDbType,
  escapeGlob,
  LAKE_VIEW_NAMES,
  lakeViewSql,
  parquetShapeSql,
  tableOf,
  type FileShape,
  type LakeViewName,
} from './lake-views.ts';
import { quoteName, quoteText } from './sql-quoting.ts';
import { createTempFiles } from './temp-files.ts';
import { TRINO_MACROS } from './trino-macros.ts';

/** What a query found: columns first, rows as they are asked for, in batches of about 2,000. */
export interface QueryResult {
  columns: Column[];
  batches: AsyncIterable<SqlValue[][]>;
}

export type QueryParameter = string | number | boolean | null;

/** SQL over the lake; see `openLakeDatabase`. */
export interface LakeDatabase {
  /** Runs one SELECT with `?` parameters. Throws InvalidConfig for whatever is wrong with it. */
  query(sql: string, parameters?: readonly QueryParameter[]): Promise<QueryResult>;
  /** Writes the result of one SELECT as a Parquet file (snappy, which every reader knows) into the lake's local state; the caller removes it. */
  copyToParquet(sql: string, parameters: readonly QueryParameter[]): Promise<string>;
  close(): void;
}

/** What a DuckDB statement may be here: SELECT, and what DuckDB turns into one (WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW). */
const SELECT = 1;

/**
 * Opens DuckDB over a local lake: the tables of schemas/lake-tables.ts and `official_executions` as views, typed by the
 * schemas, and Trino's function names (`TRINO_MACROS`), with Trino's whole-number division and UTC.
 *
 * Read-only: one statement at a time and only SELECT is run, files outside the lake and the network are closed to it, no
 * extension is loaded or fetched, and no setting can be changed any more. DuckDB is loaded here and nowhere else.
 */
export async function openLakeDatabase(lakeRoot: string): Promise<LakeDatabase> {
  const root = resolve(lakeRoot);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const main = await instance.connect();
  await main.run(TRINO_MACROS.map((macro) => `CREATE OR REPLACE MACRO ${macro};`).join('\n'));
  // DuckDB compares the pattern as written and the files it finds.
  const folders = [...new Set([root, escapeGlob(root)])].map((folder) => quoteText(`${folder}/`));
  await main.run(`
    SET GLOBAL integer_division = true;
    SET GLOBAL TimeZone = 'UTC';
    SET GLOBAL parquet_metadata_cache = true;
    SET temp_directory = '';
    SET allowed_directories = [${folders.join(', ')}];
    SET enable_external_access = false;
    SET lock_configuration = true;`);

  const temps = createTempFiles(join(root, LOCAL_STATE, 'tmp'));
  /** The files that the views in place were made for. */
  const views = new Map<LakeViewName, string>();

  /** Makes the views of a query, again when the files they were made for have changed. */
  async function makeViews(names: readonly LakeViewName[]): Promise<void> {
    for (const name of names) {
      if (name === 'official_executions') await makeViews(['executions']);
      const table = tableOf(name);
      const state = lakeFilesState(root, table);
      if (views.get(name) === state) continue;
      const shape = state === '' ? 'none' : await shapeOf(main, root, table);
      await main.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS ${lakeViewSql(root, name, shape)}`);
      views.set(name, state);
    }
  }

  async function prepare(
    connection: DuckDBConnection,
    sql: string,
    parameters: readonly QueryParameter[],
  ): Promise<DuckDBPreparedStatement> {
    const named = new Set(connection.getTableNames(sql, false));
    const wanted = LAKE_VIEW_NAMES.filter((name) => named.has(name));
    await makeViews(named.size === 0 ? LAKE_VIEW_NAMES : wanted);
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new TypeError(`expected one statement, got ${statements.count}`);
    const statement = await statements.prepare(0);
    if ((statement.statementType as number) !== SELECT)
      throw new TypeError('expected a SELECT: the lake is read-only');
    if (statement.parameterCount !== parameters.length)
      throw new TypeError(`expected ${statement.parameterCount} parameters, got ${parameters.length}`);
    statement.bind([...parameters] as DuckDBValue[]);
    return statement;
  }

  async function* readBatches(
    connection: DuckDBConnection,
    result: Awaited<ReturnType<DuckDBPreparedStatement['stream']>>,
    converters: readonly ((value: DuckDBValue) => SqlValue)[],
  ): AsyncGenerator<SqlValue[][]> {
    try {
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      )
        yield chunk.getRows().map((row) => row.map((value, i) => converters[i]!(value)));
    } catch (error) {
      throw queryError(error);
    } finally {
      connection.closeSync();
    }
  }

  return {
    async query(sql, parameters = []) {
      const connection = await instance.connect();
      try {
        const statement = await prepare(connection, sql, parameters);
        const result = await statement.stream();
        const names = result.deduplicatedColumnNames();
        const found = result.columnTypes().map((type, i) => ({ name: names[i]!, ...resultColumn(type) }));
        return {
          columns: found.map(({ name, type }) => ({ name, type, isNullable: true, description: null })),
          batches: readBatches(
            connection,
            result,
            found.map(({ convert }) => convert),
          ),
        };
      } catch (error) {
        connection.closeSync();
        throw queryError(error);
      }
    },

    async copyToParquet(sql, parameters) {
      const path = temps.next();
      const connection = await instance.connect();
      try {
        await prepare(connection, sql, parameters);
        const select = sql.trim().replace(/;$/, '');
        await connection.run(
          `COPY (${select}\n) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION snappy)`,
          [...parameters] as DuckDBValue[],
        );
      } catch (error) {
        throw queryError(error);
      } finally {
        connection.closeSync();
      }
      return path;
    },

    close() {
      main.closeSync();
      instance.closeSync();
    },
  };
}

/** Are the Parquet files of a table all of the columns and types that its schema has now? */
async function shapeOf(main: DuckDBConnection, root: string, name: LakeTableName): Promise<FileShape> {
  const table: LakeTable = LAKE_TABLES[name];
  if (table.format === 'jsonl') return 'current';
  const { schemas, columns } = parquetShapeSql(root, name);
  const [[count] = []] = (await main.runAndReadAll(schemas)).getRowsJson();
  const found = new Map(
    (await main.runAndReadAll(columns))
      .getRowsJson()
      .map(([column, type]) => [column, unquoted(String(type))]),
  );
  const isCurrent = columnsOf(table.schema).every(
    (column) => found.get(column.name) === unquoted(duckDbType(column.type)),
  );
  return Number(count) === 1 && isCurrent ? 'current' : 'mixed';
}

/** DuckDB quotes only the names that need it. */
function unquoted(type: string): string {
  return type.replaceAll('"', '');
}

/** DuckDB's own words with what a person can do about them. */
function queryError(error: unknown): unknown {
  if (error instanceof NamedError) return error;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return new NamedError(ERROR.invalidConfig, `query: ${suggestTable(String(message))}`, {
    cause: error,
    hint: `tables: ${LAKE_VIEW_NAMES.join(', ')}; columns: query "DESCRIBE turns"`,
  });
}

/** DuckDB suggests tables of its own catalogue; one of the lake stands in their place, or none where none is near. */
function suggestTable(message: string): string {
  return message.replace(
    /^(Catalog Error: Table with name (\S+) does not exist!)(\s*Did you mean "[^"]*"\?)?/,
    (_all, problem: string, name: string) => {
      const closest = closestName(name.toLowerCase(), LAKE_VIEW_NAMES);
      return closest === null ? problem : `${problem}\nDid you mean "${closest}"?`;
    },
  );
}
