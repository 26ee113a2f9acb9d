/**
 * The fixed rule by which a tutor's questions become statements, sentence by sentence; all else stays as it is. What is asked
 * begins with the sentence, or behind an opening ("So", "Okay, now", "Hi Jo") or the last comma before it.
 * 1. A request becomes what the tutor will do. "Hi Jo, can you explain it to me?" → "Hi Jo, I will explain it to you."
 * 2. Where an auxiliary and a pronoun begin it, they change places. "Is it more?" → "It is more."
 * 3. Where a question word begins it, "I will tell you" goes before it, and an auxiliary and pronoun behind it change places.
 *    "Why did you add 3?" → "I will tell you why you did add 3."
 * 4. Anything else: the question mark becomes a full stop. "So that makes 8?" → "So that makes 8."
 * The rule knows nothing of what is measured.
 */
export function asStatements(text: string): string {
  return text.replaceAll(/[^.!?\n]*\?+/gu, (question) => {
    const plain = question.replace(/\?+$/u, '');
    const [, before, asked] = ASKED_PART.exec(plain) ?? [plain, '', plain];
    const statement = statementOf(asked!);
    return `${before}${before!.trim() === '' ? capital(statement) : statement}.`;
  });
}

const AUXILIARY =
  '(?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might|must)';
const PRONOUN = '(?:i|you|he|she|it|we|they|this|that|there|these|those)';
const QUESTION_WORD = '(?:what|why|how|which|who|where|when)';
const OPENING =
  '(?:so|ok|okay|now|and|but|then|well|great|good|yes|no|right|alright|(?:hi|hello)(?:\\s+\\p{Lu}\\p{L}+)?)';
/** What stands before what is asked, and what is asked. */
const ASKED_PART = new RegExp(
  `^(\\s*(?:.*,\\s*)?(?:${OPENING}\\b[\\s,;:-]*)*)((?:${AUXILIARY}\\s+${PRONOUN}|${QUESTION_WORD})\\b.*)$`,
  'isu',
);
const REQUEST = /^(?:can|could|would|will)\s+you(?:\s+please)?\b/iu;
const INVERTED = new RegExp(`^(${AUXILIARY})\\s+(${PRONOUN})\\b`, 'iu');
const ASKED_INVERTED = new RegExp(
  `^(${QUESTION_WORD})\\b((?:\\s+(?!${AUXILIARY}\\b)[\\p{L}']+){0,2})\\s+(${AUXILIARY})\\s+(${PRONOUN})\\b`,
  'iu',
);
const STARTS_ASKED = new RegExp(`^${QUESTION_WORD}\\b`, 'iu');

function statementOf(asked: string): string {
  if (REQUEST.test(asked)) return asked.replace(REQUEST, 'I will').replaceAll(/\bme\b/giu, 'you');
  if (INVERTED.test(asked))
    return asked.replace(
      INVERTED,
      (_, auxiliary: string, who: string) => `${who} ${auxiliary.toLowerCase()}`,
    );
  if (!STARTS_ASKED.test(asked)) return asked;
  const told = asked.replace(ASKED_INVERTED, '$1$2 $4 $3');
  return `I will tell you ${told.charAt(0).toLowerCase()}${told.slice(1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
