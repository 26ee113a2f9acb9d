/** Estimated tokens of a prompt: characters ÷ `charsPerToken`, rounded up. The same for every model (spec 3.1). */
export function contextTokens(chars: number, charsPerToken: number): number {
  return Math.ceil(chars / charsPerToken);
}

/** Characters of a prompt: the system prompt and every message of the conversation so far. */
export function promptChars(system: string, messages: readonly { text: string }[]): number {
  return messages.reduce((chars, message) => chars + message.text.length, system.length);
}
