import { Buffer } from 'node:buffer';

import type { ResultWriter } from '../definition.ts';
import { evaluate } from '../evaluate.ts';
import { interruptible } from '../interruption.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { Visit } from '../run.ts';
import { StateError } from '../state-error.ts';
import type { ChildRecord, MapRun } from './child-execution.ts';

/** Characters of one result file before the next is begun; it bounds what a Map of any length keeps in memory. */
const MAX_FILE_CHARACTERS = 5_000_000;

type Outcome = 'SUCCEEDED' | 'FAILED';

/**
 * Writes what became of a Map's children under `<Prefix>/<map run id>/`: SUCCEEDED_n.json, FAILED_n.json and
 * manifest.json, in the form of AWS without WriterConfig (Transformation NONE, JSON).
 */
export class ResultFiles {
  readonly #visit: Visit;
  readonly #mapRun: MapRun;
  readonly #bucket: string;
  readonly #folder: string;
  readonly #open: Record<Outcome, { texts: string[]; characters: number }> = {
    SUCCEEDED: { texts: [], characters: 0 },
    FAILED: { texts: [], characters: 0 },
  };
  readonly #written: Record<Outcome, { Key: string; Size: number }[]> = { SUCCEEDED: [], FAILED: [] };

  private constructor(visit: Visit, mapRun: MapRun, bucket: string, prefix: string) {
    this.#visit = visit;
    this.#mapRun = mapRun;
    this.#bucket = bucket;
    this.#folder = `${prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`}${mapRun.id}`;
  }

  /** Evaluates the place before any child starts. @throws StateError `States.ResultWriterFailed` */
  static async open(
    writer: ResultWriter,
    visit: Visit,
    mapRun: MapRun,
    retryCount: number,
  ): Promise<ResultFiles> {
    const place = await evaluate(visit, writer.Arguments, 'ResultWriter/Arguments', { retryCount });
    const { Bucket: bucket, Prefix: prefix = '' } = isObject(place) ? place : {};
    if (typeof bucket !== 'string' || typeof prefix !== 'string') {
      throw new StateError(
        'States.ResultWriterFailed',
        'ResultWriter.Arguments must give a Bucket and a Prefix as strings',
      );
    }
    return new ResultFiles(visit, mapRun, bucket, prefix);
  }

  async add(record: ChildRecord): Promise<void> {
    const outcome: Outcome = record.Status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED';
    const text = JSON.stringify(record);
    const file = this.#open[outcome];
    file.texts.push(text);
    file.characters += text.length;
    if (file.characters >= MAX_FILE_CHARACTERS) await this.#flush(outcome);
  }

  /** Writes what is left and the manifest, and gives the Map's result: a pointer. */
  async finish(): Promise<Json> {
    await this.#flush('SUCCEEDED');
    await this.#flush('FAILED');
    const manifest = {
      DestinationBucket: this.#bucket,
      MapRunArn: this.#mapRun.arn,
      ResultFiles: { FAILED: this.#written.FAILED, PENDING: [], SUCCEEDED: this.#written.SUCCEEDED },
    };
    const key = `${this.#folder}/manifest.json`;
    await this.#put(key, JSON.stringify(manifest));
    return { MapRunArn: this.#mapRun.arn, ResultWriterDetails: { Bucket: this.#bucket, Key: key } };
  }

  async #flush(outcome: Outcome): Promise<void> {
    const { texts } = this.#open[outcome];
    if (texts.length === 0) return;
    this.#open[outcome] = { texts: [], characters: 0 };
    const files = this.#written[outcome];
    const body = `[${texts.join(',')}]`;
    const file = { Key: `${this.#folder}/${outcome}_${files.length}.json`, Size: Buffer.byteLength(body) };
    files.push(file);
    await this.#put(file.Key, body);
  }

  async #put(key: string, body: string): Promise<void> {
    const { signal, run } = this.#visit;
    try {
      await interruptible(run.services.objects.put(this.#bucket, key, body), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new StateError(
        'States.ResultWriterFailed',
        `Cannot write s3://${this.#bucket}/${key}: ${String(error)}`,
      );
    }
  }
}
