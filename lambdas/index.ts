import { openTables } from '../adapters/aws/aws-lake.ts';
import { createLakeEvents, type S3Event } from '../adapters/aws/lake-events.ts';
import { environment, retry, store } from './compose.ts';

const takeEvents = createLakeEvents(openTables(environment, retry), store);

/** What S3 calls when an object was created under raw/, audit/ or calibration/results/. */
export const handler = (event: S3Event) => takeEvents(event);
