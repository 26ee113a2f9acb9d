import { labelRecordSchema, labelSessionSchema } from '../../schemas/label.ts';
import { PREFIX } from '../../schemas/names.ts';
import type { StoredSession } from '../labelling/ratings.ts';
import type { ObjectStore } from '../ports.ts';
import { decodeUtf8 } from './text-codec.ts';

/** Records read at once: hides a store's latency. */
const READ_AT_ONCE = 16;
const KEY = /^labels\/([a-z0-9][a-z0-9._-]*)\/([a-z0-9][a-z0-9._-]*)\/(\d{3,})\.json$/;

/** Every labelling session of a lake (or of one rater), with its records in order. */
export async function readSessions(store: ObjectStore, rater?: string): Promise<StoredSession[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${PREFIX.labels}/${rater === undefined ? '' : `${rater}/`}`))
    if (KEY.test(key)) keys.push(key);
  const sessions = new Map<
    string,
    { session?: StoredSession['session']; records: StoredSession['records'][number][] }
  >();
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    const batch = keys.slice(start, start + READ_AT_ONCE);
    const values = await Promise.all(batch.map(async (key) => decodeUtf8((await store.get(key))!)));
    for (const [index, key] of batch.entries()) {
      const [, who, name, seq] = KEY.exec(key)!;
      const entry = sessions.get(`${who}/${name}`) ?? { records: [] };
      sessions.set(`${who}/${name}`, entry);
      const value: unknown = JSON.parse(values[index]!);
      if (Number(seq) === 0) entry.session = labelSessionSchema.parse(value);
      else entry.records.push(labelRecordSchema.parse(value));
    }
  }
  return [...sessions.values()].flatMap(({ session, records }) =>
    session === undefined ? [] : [{ session, records }],
  );
}
