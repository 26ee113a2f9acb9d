import type { Digest } from './digest.ts';

/** E-mail and chat show this many lines without scrolling (spec 4.7). */
const MAX_LINES = 12;
/** SNS takes ASCII subjects below 100 characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
const MAX_SUBJECT = 99;
/** Alert lines in the text; the rest are counted. */
const MAX_ALERTS = 4;

/** At most 12 lines, verdict first. */
export function digestText(digest: Digest): string {
  return digestLines(digest).join('\n');
}

function digestLines(digest: Digest): string[] {
  const loud = digest.alerts.filter(({ status }) => status === 'firing');
  const rest = digest.alerts.filter(({ status }) => status !== 'firing');
  const lines = [digest.verdict];
  for (const { message } of loud.slice(0, MAX_ALERTS)) lines.push(`! ${oneLine(message)}`);
  const quiet = [
    ...(loud.length > MAX_ALERTS ? [`${loud.length - MAX_ALERTS} more firing`] : []),
    ...rest.map(({ rule, model, status }) => `${rule}${model === null ? '' : ` ${model}`} ${status}`),
  ];
  if (quiet.length > 0) lines.push(`Also: ${quiet.slice(0, 6).join(', ')}${quiet.length > 6 ? ', …' : ''}.`);
  lines.push(
    digest.changes.length === 0
      ? 'Changes: none.'
      : `Changes: ${digest.changes.map(({ text, is_clear }) => `${text}${is_clear ? '' : ' [within noise]'}`).join('; ')}.`,
    digest.top.length === 0
      ? 'Top: no model has a rank over all phases.'
      : `Top (RMST of 40): ${digest.top
          .slice(0, 6)
          .map(({ rank, text }) => `${rank} ${text}`)
          .join('; ')}${digest.top.length > 6 ? `; ${digest.top.length - 6} more tied` : ''}.`,
    digest.judge,
    digest.cost,
    digest.coverage,
    digest.power,
  );
  for (const { label, url } of digest.links) {
    if (lines.length >= MAX_LINES) break;
    lines.push(`${label}: ${url}`);
  }
  return lines.slice(0, MAX_LINES);
}

/** Subject of the weekly mail: ASCII, below 100 characters. */
export function digestSubject(digest: Digest): string {
  return asciiSubject(`socratic-bench ${digest.series}: ${digest.verdict}`);
}

/** Slack's incoming-webhook body (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function digestSlack(digest: Digest): { text: string; blocks: object[] } {
  const [verdict, ...lines] = digestLines({ ...digest, links: [] });
  const links = digest.links
    .map(({ label, url }) => `<${slackEscape(url)}|${slackEscape(label)}>`)
    .join(' · ');
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  return {
    text: slackEscape(verdict!),
    blocks: [
      section(`*${slackEscape(verdict!)}*`),
      section(lines.map(slackEscape).join('\n').slice(0, 2900)),
      ...(links === '' ? [] : [section(links)]),
    ],
  };
}

/** Any text as an SNS subject: printable ASCII, no line breaks, below 100 characters. */
export function asciiSubject(text: string): string {
  const ascii = oneLine(text).replace(/[^\x20-\x7e]/g, '?');
  return ascii.length <= MAX_SUBJECT ? ascii : `${ascii.slice(0, MAX_SUBJECT - 3)}...`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function slackEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
