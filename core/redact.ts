/**
 * What must not reach a log, a record or a report although a provider or a system wrote it into an error: keys in the forms
 * that providers give them, credentials in URLs and headers, e-mail addresses. Each stands for the sort of secret it was.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // OpenAI, Anthropic and most that follow them: sk-…, sk-ant-…, sk-proj-…; other vendors' prefixes beside.
  [/\b(?:sk|rk|pk|gsk|xai|hf|ghp|gho|github_pat|glpat|xox[abpr])[-_][0-9A-Za-z_-]{8,}/g, '[key]'],
  // AWS access key ids, and the API keys of Bedrock.
  [/\b(?:AKIA|ASIA|ABSK)[0-9A-Za-z+/=]{12,}/g, '[key]'],
  [/\bAIza[0-9A-Za-z_-]{30,}/g, '[key]'],
  // JSON web tokens.
  [/\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*/g, '[token]'],
  [/\b(Bearer|Basic)\s+[0-9A-Za-z._~+/=-]{8,}/gi, '$1 [key]'],
  // key=…, "api_key": "…", x-api-key: …, AWS_SECRET_ACCESS_KEY=…
  [
    /((?:api[-_ ]?key|secret(?:[-_ ]?access)?[-_ ]?key|access[-_ ]?token|session[-_ ]?token|client[-_ ]?secret|password|passwd|signature)["']?\s*(?:provided)?\s*[=:]\s*["']?)[^\s"',;&]{6,}/gi,
    '$1[key]',
  ],
  // scheme://user:password@host
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@]{1,100}:[^\s/@]{1,200}@/gi, '$1[key]@'],
  [/[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){1,5}/g, '[e-mail]'],
];

/** The text without secrets and e-mail addresses; a text without them comes back as it is. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, [pattern, name]) => clean.replace(pattern, name), text);
}
