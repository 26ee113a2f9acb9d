import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SNSClient } from '@aws-sdk/client-sns';
import { createEmfStdout } from '../../../adapters/aws/emf-stdout.ts';
import { createSnsAlerts } from '../../../adapters/aws/sns-alerts.ts';
import type { AlertSink } from '../../../core/ports.ts';
import { startSnsServer, type SnsServer } from '../../servers/sns-server.ts';
import { testClient } from '../../servers/test-client.ts';

const message = { kind: 'alert', subject: 'Half-life fell', body: 'by 4 turns', dedup_id: 'a-1' } as const;

describe('alerts through SNS', () => {
  let server: SnsServer;
  let alerts: AlertSink;
  beforeEach(async () => {
    server = await startSnsServer();
    alerts = createSnsAlerts({
      client: new SNSClient(testClient(server.url)),
      topicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
      retry: { clock: { sleep: () => Promise.resolve() }, random: () => 0 },
    });
  });
  afterEach(() => server.close());

  it('go to the topic with what subscribers drop repeats by', async () => {
    await alerts.publish(message);
    const attributes = Object.entries(server.published[0]!).filter(([name]) => name.includes('entry'));
    expect(server.published[0]).toMatchObject({
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
      Subject: 'Half-life fell',
      Message: 'by 4 turns',
    });
    expect(attributes.map(([, value]) => value)).toEqual(
      expect.arrayContaining(['dedup_id', 'a-1', 'kind', 'alert']),
    );
  });

  it.each(['Modèle “où”: 5 → 3', '\n\u202e  leading', 'x'.repeat(300), '問題', ''])(
    'have a subject that SNS takes, whatever is written: %j',
    async (subject) => {
      await alerts.publish({ ...message, subject });
      expect(server.published).toHaveLength(1);
    },
  );

  it('cut a body that is too long between characters', async () => {
    await alerts.publish({ ...message, body: '→'.repeat(100_000) });
    const sent = server.published[0]!['Message']!;
    expect(Buffer.byteLength(sent)).toBeLessThan(262_144);
    expect(sent).toMatch(/^→+$/);
  });

  it('are repeated when SNS fails, and given up when it refuses', async () => {
    server.refuse.push(500, 503);
    await alerts.publish(message);
    expect(server.published).toHaveLength(1);
    server.refuse.push(400);
    await expect(alerts.publish(message)).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
    });
  });
});

describe('metrics in the log', () => {
  it('are one document a line', async () => {
    const lines: string[] = [];
    const metrics = createEmfStdout((line) => lines.push(line));
    await metrics.emit({ a: 1, text: 'x\ny' });
    expect(lines).toEqual(['{"a":1,"text":"x\\ny"}\n']);
  });
});
