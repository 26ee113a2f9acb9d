import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { AlertSink } from '../../core/ports.ts';
import { callAws, type RetryPorts } from './call-aws.ts';

/** SNS wants ASCII without control characters, shorter than 100, beginning with a letter, digit or punctuation mark. */
const MAX_SUBJECT_CHARS = 99;
/** Of 262,144 bytes of a message; the rest is room for attributes. */
const MAX_BODY_BYTES = 250_000;

/**
 * Alerts and the digest to an SNS topic. A standard topic delivers at least once, so every message carries its `dedup_id`
 * as an attribute: subscribers that act by machine drop repeats by it. `kind` lets a subscription filter.
 */
export function createSnsAlerts(options: {
  client: SNSClient;
  topicArn: string;
  retry: RetryPorts;
}): AlertSink {
  const { client, topicArn, retry } = options;
  return {
    async publish({ kind, subject, body, dedup_id }) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: asciiSubject(subject),
        Message: cutUtf8(body),
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: kind },
          dedup_id: { DataType: 'String', StringValue: dedup_id },
        },
      });
      await callAws(`publish to ${topicArn}`, () => client.send(command), retry);
    },
  };
}

function asciiSubject(subject: string): string {
  const ascii = subject.replaceAll(/[^\x20-\x7e]+/g, '?').trimStart();
  return ascii.slice(0, MAX_SUBJECT_CHARS) || 'socratic-bench';
}

/** The longest beginning of whole characters that fits. */
function cutUtf8(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= MAX_BODY_BYTES) return text;
  return bytes
    .subarray(0, MAX_BODY_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}
