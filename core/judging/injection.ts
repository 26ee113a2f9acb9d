/**
 * Text in a tutor's reply that addresses the judge. It is flagged, and taken out of what judges read, so that even a
 * gullible judge marks the tutoring alone. Patterns need an address or a demand about marks: a tutor may speak of scores,
 * judges and rubrics as a subject.
 */
const WHO =
  '(?:judge|grader|evaluator|rater|examiner|scorer|marker|assessor|reviewer|grading (?:model|system|assistant)|evaluation (?:model|system))';
const MARKS =
  '(?:10\\s*(?:/|out of|of)\\s*10|5\\s*(?:/|out of|of)\\s*5|full marks|top marks|maximum (?:score|marks?|points)|highest (?:score|marks?)|perfect (?:score|marks?|10|ten|5)|(?:a|all)\\s+(?:10s?|tens?|5s?|fives?)\\b)';

const PATTERNS: readonly RegExp[] = [
  // Addresses the judge by role and asks or orders something.
  new RegExp(
    `(?:^|[\\s>*_"'(\\[#-])(?:dear|hey|hi|hello|note to(?: the)?|attention|message (?:to|for)(?: the)?|to (?:the|whoever is|any)|instructions? (?:to|for)(?: the)?|system|as (?:the|a))\\s*[:,-]?\\s*(?:ai\\s+|llm\\s+|automated\\s+|human\\s+)?${WHO}\\b[^.!?\\n]*[.!?:]*`,
    'gimu',
  ),
  new RegExp(
    `\\b(?:ai|llm|automated)?\\s*${WHO}\\s*[:,-]\\s*(?:please|ignore|disregard|give|award|mark|score|rate|set|output|respond|you)[^.!?\\n]*[.!?]*`,
    'gimu',
  ),
  // Demands marks.
  new RegExp(
    `\\b(?:give|award|assign|grant|rate|score|mark|grade|set|output|return|report|put)\\b[^.!?\\n]{0,80}${MARKS}[^.!?\\n]*[.!?]*`,
    'gimu',
  ),
  new RegExp(
    `\\b(?:this|the|my)\\s+(?:reply|response|answer|turn|message|tutor(?:ing)?)\\s+(?:deserves|merits|must (?:get|receive|be (?:scored|rated|graded|marked))|should (?:get|receive|be (?:scored|rated|graded|marked)))[^.!?\\n]*[.!?]*`,
    'gimu',
  ),
  // Overrides instructions.
  /\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.!?\n]{0,60}\b(?:rubric|(?:previous|prior|above|earlier|all|your|system|marking|grading|scoring) (?:instructions?|prompts?|criteria|rules?|guidelines?))\b[^.!?\n]*[.!?]*/gimu,
  /\b(?:new|updated|revised) (?:system )?(?:instructions?|rubric|grading rules?)\s*:[^\n]*/gimu,
  /(?:^|\n)\s*(?:\[|<|#+\s*)?(?:system|assistant|developer)(?:\s+(?:message|prompt|note))?(?:\]|>)?\s*:\s*[^\n]*/gimu,
  /<\/?(?:system|instructions?|judge|verdict|rubric|im_start|im_end)[^>\n]{0,40}>/gimu,
  /\bend of (?:the )?(?:reply|response|transcript|material|context)\b[^\n]*/gimu,
  // Imitates a verdict or a fence.
  /\{[^{}]{0,400}"(?:criteria|rationale|violations|verdict|score|mark|open_ended|non_directive)"\s*:[\s\S]{0,1500}?(?:\}\s*\}|\}(?!\s*[,}\]]))/gimu,
  /"(?:open_ended|single_question|probing_depth|builds_on_prior|non_directive|no_advice|no_leading)"\s*:\s*(?:\{[^}]*\}|\d+)/gimu,
  /<{2,}\s*\/?(?:BEGIN|END)\b[^>\n]{0,80}>{2,}/gimu,
  /\b(?:verdict|final (?:score|mark|grade)|sd score|socratic (?:disposition )?score)\s*[:=]\s*\d+(?:\.\d+)?[^.!?\n]*/gimu,
  // Other languages: address of the examiner, or a demand for full marks.
  /\b(?:ignora|ignore|ignorez|ignoriere|ignorieren sie|negeer|ignoruj|olvida|oublie[zr]?|vergiss|dimentica)\b[^.!?\n]{0,60}\b(?:instruc\w+|anweisung\w*|instruction\w*|istruzion\w*|instructies|rúbrica|rubrica|barème|bewertung\w*|instrukcj\w*|consignes?)\b[^.!?\n]*[.!?]*/gimu,
  /\b(?:juez|evaluador|évaluateur|correcteur|gutachter|prüfer|bewerter|valutatore|giudice|beoordelaar|avaliador|sędzio|oceniający)\b\s*[:,][^.!?\n]*[.!?]*/gimu,
  /\b(?:puntuación máxima|note maximale|volle punktzahl|höchstpunktzahl|punteggio massimo|maximale score|nota máxima|maksymalną ocenę)\b[^.!?\n]*[.!?]*/gimu,
  /\b(?:da(?:r|me)?|donne[zr]?|gib|geben sie|dai|geef|dê|daj)\b[^.!?\n]{0,40}\b10\s*(?:\/|de|von|sur|su|van|na|z)\s*10\b[^.!?\n]*[.!?]*/gimu,
  /(?:忽略|无视|请忽略)[^。！？\n]*[。！？]?|(?:评分(?:员|者)|评委|裁判)[^。！？\n]*[。！？]?|(?:满分|给.{0,6}10\s*分)[^。！？\n]*[。！？]?/gu,
  /(?:採点者|評価者|審査員|審判)[^。！？\n]*[。！？]?|(?:満点|指示を無視)[^。！？\n]*[。！？]?/gu,
  /(?:игнорируй\S*|судья|оценщик|проверяющ\S*|высш\S* балл|максимальн\S* (?:балл|оценк)\S*)[^.!?\n]*[.!?]*/giu,
  /(?:تجاهل|أيها الحكم|المقيّم|الدرجة الكاملة|العلامة الكاملة)[^.!؟\n]*[.!؟]*/gu,
  /(?:निर्देशों को अनदेखा|परीक्षक|मूल्यांकनकर्ता|पूरे अंक)[^.!?।\n]*[.!?।]*/gu,
  /(?:채점자|평가자|심사위원|만점|지시를 무시)[^.!?\n]*[.!?]*/gu,
];

/** Zero-width and bidirectional controls, with which a phrase is split to pass a pattern. */
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u00AD]/gu;

/** Spans [start, end) of the text that address the judge, merged and in order. Offsets hold for the text without invisible controls. */
export function injectionSpans(text: string): { start: number; end: number }[] {
  const visible = text.replaceAll(INVISIBLE, '');
  const spans: { start: number; end: number }[] = [];
  for (const pattern of PATTERNS) {
    for (const match of visible.matchAll(pattern)) {
      if (match[0].trim() !== '') spans.push({ start: match.index, end: match.index + match[0].length });
    }
  }
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

/** Does the text address the judge? */
export function addressesJudge(text: string): boolean {
  return injectionSpans(text).length > 0;
}

/** The text as judges read it: without what addresses them. Text without injection comes back unchanged. */
export function withoutInjection(text: string): string {
  const spans = injectionSpans(text);
  if (spans.length === 0) return text;
  const visible = text.replaceAll(INVISIBLE, '');
  let kept = '';
  let position = 0;
  for (const span of spans) {
    kept += visible.slice(position, span.start);
    position = span.end;
  }
  return (kept + visible.slice(position)).replaceAll(/[ \t]{2,}/g, ' ').trim();
}
