import { describe, expect, it } from '@jest/globals';
import { toSlack } from '../../cdk/slack/index.mjs';

const record = (Subject: string | null, Message: string) => ({ Sns: { Subject, Message } });

describe('a message for Slack', () => {
  it('says of an alarm its name, state, meaning and reason', () => {
    const alarm = {
      AlarmName: 'socratic-bench-prod-coverage',
      NewStateValue: 'ALARM',
      AlarmDescription: 'Fewer runs were scored.',
      NewStateReason: '0.5 < 0.9',
    };
    expect(toSlack(record('ALARM', JSON.stringify(alarm)))).toEqual({
      text: '*socratic-bench-prod-coverage: ALARM*\nFewer runs were scored.\n0.5 &lt; 0.9',
    });
  });

  it('passes other text on, with nothing that Slack would take for markup or a mention', () => {
    expect(toSlack(record('week', 'model <!channel> & <http://x|y>'))).toEqual({
      text: '*week*\nmodel &lt;!channel&gt; &amp; &lt;http://x|y&gt;',
    });
    expect(toSlack(record(null, '{not json'))).toEqual({ text: '*socratic-bench*\n{not json' });
  });

  it('stays short', () => {
    expect(toSlack(record('s', 'x'.repeat(10_000))).text.length).toBeLessThanOrEqual(3_000);
  });
});
