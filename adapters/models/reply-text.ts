/** Halves of a surrogate pair that stand alone: neither a file nor a hash can hold them. */
const LONE_SURROGATES = /\p{Surrogate}/gu;
const OPENS = /^\s*<think(?:ing)?>/;
const CLOSES = /<\/think(?:ing)?>\s*/;

/**
 * A reply as people would see it, from a server that sends the reasoning of its model in the text (no reasoning parser, as
 * with DeepSeek-R1 or Qwen3 behind plain vLLM and Ollama): the block at its head is hidden reasoning, billed and never part
 * of the text. One that never closes was cut before any reply; the opening mark may stand in the chat template instead.
 */
export function replyText(text: string): string {
  return wellFormed(withoutReasoning(text));
}

/** Text that can be written and hashed. */
export function wellFormed(text: string): string {
  return text.replaceAll(LONE_SURROGATES, '\uFFFD');
}

function withoutReasoning(text: string): string {
  const closes = CLOSES.exec(text);
  if (closes !== null) return text.slice(closes.index + closes[0].length);
  return OPENS.test(text) ? '' : text;
}
