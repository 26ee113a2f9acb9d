/**
 * Forwards what the alert topic says to Slack. The webhook's URL is a secret: it lies in an SSM SecureString parameter,
 * read once a container. The SDK is that of the Lambda runtime.
 */

/** Slack cuts messages at 40,000 characters; a page of a runbook is shorter. */
const MAX_CHARS = 3_000;

/** One SNS record as Slack's incoming webhook takes it. An alarm's JSON becomes a sentence, other text stays as it is. */
export function toSlack({ Sns: { Subject, Message } }) {
  const alarm = parseAlarm(Message);
  const text =
    alarm === null
      ? `*${escape(Subject ?? 'socratic-bench')}*\n${escape(Message)}`
      : `*${escape(alarm.AlarmName)}: ${escape(alarm.NewStateValue)}*\n${escape(alarm.AlarmDescription ?? '')}\n${escape(alarm.NewStateReason ?? '')}`;
  return { text: text.slice(0, MAX_CHARS) };
}

/** Slack reads &, < and > as markup. https://docs.slack.dev/messaging/formatting-message-text */
function escape(text) {
  return String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function parseAlarm(message) {
  if (!message.startsWith('{')) return null;
  try {
    const value = JSON.parse(message);
    return typeof value.AlarmName === 'string' ? value : null;
  } catch {
    // Text that only looks like JSON is forwarded as text.
    return null;
  }
}

let webhook = null;

async function readWebhook() {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const { Parameter } = await new SSMClient({}).send(
    new GetParameterCommand({ Name: process.env.SLACK_WEBHOOK_PARAMETER, WithDecryption: true }),
  );
  return Parameter.Value;
}

/** Throws when Slack does not take a message: Lambda then tries the delivery twice more. */
export async function handler({ Records }) {
  webhook ??= await readWebhook();
  for (const record of Records) {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toSlack(record)),
    });
    if (!answer.ok)
      throw new Error(`Slack answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  }
}
