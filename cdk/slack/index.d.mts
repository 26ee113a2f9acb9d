/** One SNS record as Slack's incoming webhook takes it. */
export function toSlack(record: { Sns: { Subject: string | null; Message: string } }): { text: string };
