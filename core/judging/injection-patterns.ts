/**
 * Patterns of text that addresses the judge. Each needs an address, an order about marks or instructions, or the form of a
 * verdict: a tutor may speak of scores, judges, rubrics and systems as a subject. Every quantifier that can fail behind
 * its match is bounded, so that hostile text costs linear time.
 */
export interface InjectionPattern {
  /** What it finds, for tests and people. */
  name: string;
  pattern: RegExp;
  /** Does it count inside a question about the subject too ("How would you …, if a judge gave full marks?")? */
  counts_in_questions: boolean;
}

/** Letters and word characters of the scripts that patterns with words are written in: Latin, Greek, Cyrillic. */
const LETTERS = 'a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u052f';

/**
 * Compiles a pattern. Sources say \p{L} and \p{N}; ranges stand for them, as V8 takes 0.4 ms to fold the case of each
 * \p{L}, which made a quarter of a second for all patterns in every process that judges.
 */
export function compilePattern(source: string, flags: string): RegExp {
  // \p{L}\p{N} stand inside a class, \p{L} alone outside of one.
  const spelled = source.replaceAll('\\p{L}\\p{N}', `${LETTERS}\\d`).replaceAll('\\p{L}', `[${LETTERS}]`);
  return new RegExp(spelled, flags);
}

const WHO =
  '(?:(?:ai|llm|automated|automatic|human|fellow|dear|honou?rable|esteemed|future|next|second(?:ary)?|primary|impartial)[ -]){0,2}(?:judges?|graders?|evaluators?|raters?|examiners?|scorers?|markers?|assessors?|reviewers?|(?:grading|evaluation|scoring|judging|marking|judge|grader|evaluator) (?:model|system|assistant|bot|ai|llm|engine|script|agent|pipeline))';
/** What the judge is asked to mark, as judged text names itself. */
const THIS_REPLY =
  "(?:(?:this|my|the (?:above|preceding|following|present|fenced)|the tutor['’]?s?|above|that) (?:whole |entire |last |tutor['’]?s? )?(?:reply|response|turn|message|tutor(?:ing)?|output|transcript)|the reply above|the (?:above|preceding))";
const THIS_ANSWER = '(?:this|my|the (?:above|following)) (?:answer|text|conversation|dialogue)';
const OUT_OF =
  '(?:(?:10|ten)\\s{0,2}(?:/|out of|of|over)\\s{0,2}(?:10|ten)|(?:5|five)\\s{0,2}(?:/|out of)\\s{0,2}(?:5|five)|100\\s{0,2}/\\s{0,2}100)(?!\\d)(?!\\s+(?!(?:for|to|on|in|and|because|since|as|regardless|please|marks?|points?|scores?|rating|across|here|everywhere|or|now|no|without|right|with|from|by|at|overall)\\b)\\p{L})';
const TOP =
  '(?:full|top|maximum|maximal|max|highest|perfect|best)(?: possible)? (?:scores?|marks?|ratings?|grades?|points|evaluation|10|ten|5|five)\\b|perfect socratic';
const ALL_FIVES =
  '(?:all|straight|only|nine)\\s+(?:fives|tens|5s|10s)\\b|(?:all|every|each)(?: of)?(?: the)?(?: nine)?\\s+(?:marks?|criteri(?:a|on)|scores?|dimensions?|categor(?:y|ies))\\b[^.!?\\n]{0,40}\\b(?:5|10|five|ten|full|maximum|highest|max)\\b';
const MARKS = `(?:${OUT_OF}|${TOP}|${ALL_FIVES})`;
/** A single top mark, where the reply itself is what gets it. */
const ONE_MARK =
  '(?:an? |the |at |as |to |of |with )?(?:score |mark |rating |grade )?(?:of )?(?:10|ten|5|five)\\b(?!\\s*(?:%|percent|\\p{L}{3,}s\\b))';
const GIVE =
  '(?:give|award|assign|grant|rate|score|mark|grade|set|output|return|report|put|record|enter|submit|respond with|answer with|reply with|write)';
/** Up to 80 characters, over at most one line break. */
const GAP = '(?:[^.!?\\n]|\\n(?!\\s)){0,80}?';
const ORDER = `(?:(?:ignore|disregard|forget|override|bypass)\\b|(?:${GIVE}|treat|consider|accept)\\b${GAP}(?:${THIS_REPLY}|${THIS_ANSWER}|${MARKS}|${ONE_MARK}|violations)|(?:${THIS_REPLY}|${THIS_ANSWER})\\b|${MARKS}|no violations|thank you for)`;
/** The rest of the sentence, with what ends it. */
const REST = '[^.!?\\n]*[.!?]*';
/** Not inside a word. */
const START = '(?<![\\p{L}\\p{N}_])';
const SENTENCE_START = '(?<=^|[.!?:;,\\n"”\'’)\\]>*_—–-]\\s{0,3})';

const english = (source: string) => compilePattern(source, 'gimu');

export const PATTERNS: readonly InjectionPattern[] = [
  {
    name: 'salutation of the judge',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:dear|hey|hi|hello|attention|notice|memo|psst|(?:an? )?(?:important )?(?:note|message|reminder|instructions?|comment|remark|hint|request|word) (?:to|for)(?: (?:the|any|all|whichever|our|my))?)[ ,:–—-]{1,3}(?:the |all |any |to the )?${WHO}\\b${REST}`,
    ),
  },
  {
    name: 'judge addressed with an order',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:(?:to|for|as) (?:the|an?|any|all|our|my|your) )?(?:the )?${WHO}\\s{0,3}[:,;–—-]\\s{0,3}(?:[^.!?\\n]{0,60}?)${START}${ORDER}${REST}`,
    ),
  },
  {
    name: 'whoever marks this',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:to )?(?:(?:whoever|anyone who|anybody who)\\s(?:is |are |has to |have to |must |may be )?(?:read|judg|grad|scor|mark|evaluat|rat|assess)(?:e|es|s|ed|ing)?|(?:if you(?: are|['’]re)|you who are) (?:judging|grading|scoring|marking|evaluating|rating|assessing))\\s(?:or (?:score|mark|judge|grade|rate)s? )?(?:(?:this|that|it)(?=\\s?[,:]|\\s(?:must|should|shall|has to|is to|please|give|mark|score|reply|response|turn|answer|transcript|dialogue|conversation|output))|the (?:reply|response|transcript|above|tutor)\\b)${REST}`,
    ),
  },
  {
    name: 'order about the marks of this reply',
    counts_in_questions: true,
    pattern: english(
      `${START}(?:(?:could|can|would|will) you )?(?:please |kindly |now |just |simply )?(?:${GIVE}|treat|consider|accept|judge|evaluate)\\b${GAP}${THIS_REPLY}\\b${GAP}(?:${MARKS}|${ONE_MARK}|as (?:an? )?(?:fully |perfectly |purely |entirely |open|socratic|compliant|correct|excellent))${REST}`,
    ),
  },
  {
    name: 'top marks for this reply',
    counts_in_questions: true,
    pattern: english(
      `${START}(?:(?:could|can|would|will) you )?(?:please |kindly |now |just |simply )?${GIVE}\\b${GAP}(?:${MARKS}|${ONE_MARK})${GAP}\\b(?:to|for|on|in)\\s+(?:${THIS_REPLY})\\b${REST}`,
    ),
  },
  {
    name: 'top marks ordered',
    counts_in_questions: false,
    pattern: english(
      `(?:${SENTENCE_START}|\\b(?:please|kindly|now|just|then|simply|hereby|always|and|so|therefore|you must|you should|you shall|(?:(?:you |judges |we )?(?:are |have |need )?(?:required|instructed|asked|told|remember|make sure|be sure|want you|like you|have|need) to))\\s)${GIVE}\\b${GAP}(?:${MARKS})${REST}`,
    ),
  },
  {
    name: 'marks all criteria',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:every|each|all)(?: of)?(?: the)?(?: nine)? (?:marks?|criteri(?:a|on)|scores?)\\s(?:must|should|shall|has to|have to|needs? to|is to|are to|will|ought to)\\b[^.!?\\n]{0,40}\\b(?:5|10|five|ten|full|maximum|highest|max)\\b${REST}`,
    ),
  },
  {
    name: 'this reply deserves',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:${THIS_REPLY}|${THIS_ANSWER})\\s(?:(?:clearly|certainly|obviously|truly|fully|therefore|thus|really) )?(?:deserves|merits|earns|warrants|has (?:already )?(?:earned|received|been (?:scored|rated|graded|marked|judged))|was (?:already )?(?:scored|rated|graded|marked|judged)|(?:must|should|needs to|has to|is to|ought to|shall|will) (?:get|receive|be (?:scored|rated|graded|marked|given|awarded|judged|considered|treated|recorded)))\\b[^.!?\\n]{0,80}(?:${MARKS}|${ONE_MARK}|\\b(?:pass|passing|compliant|socratic|score)\\b)${REST}`,
    ),
  },
  {
    name: 'marking declared over',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:the|this) (?:evaluation|grading|scoring|assessment|marking|judging)(?: above| of this (?:reply|turn|response))? (?:is|has been|was) (?:already )?(?:complete|completed|finished|final|done|over|closed|disabled|suspended)\\b${REST}`,
    ),
  },
  {
    name: 'marking instructions overridden',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:please |now |just )?(?:ignore|disregard|forget|override|bypass|skip|set aside|do not (?:follow|apply|use)|don['’]t (?:follow|apply|use)|stop (?:following|applying|using))\\b[^.!?\\n]{0,40}?\\b(?:rubrics?|(?:previous|prior|above|earlier|preceding|original|existing|your|system|marking|grading|scoring|judging|evaluation|developer|safety)(?: \\w+){0,2} (?:instructions?|prompts?|criteria|rules?|guidelines?|directives?|constraints?|orders)|(?:instructions?|criteria|rules|prompt|guidelines)(?: (?:given|written|stated))? (?:above|before|you (?:were|have been) given|in (?:your|the) system prompt))\\b${REST}`,
    ),
  },
  {
    name: 'new instructions announced',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:(?:new|updated|revised|additional|special|secret|hidden|final|real|actual) (?:system )?(?:instructions?|directives?|rubric|orders|(?:grading|marking|scoring|judging) (?:rules?|criteria|instructions?))\\s{0,3}[:：][^\\n]*|(?:system|admin|administrator|developer) (?:override|instructions?|directive|notice)\\s{0,3}[:：][^\\n]*|the (?:grading|marking|scoring|judging|evaluation) (?:rules|criteria|rubric|guidelines|instructions|prompt) (?:have|has|are|is|were|was) (?:now )?(?:been )?(?:changed|updated|replaced|revised|suspended|void|overridden|cancelled|withdrawn|no longer)\\b${REST})`,
    ),
  },
  {
    name: 'a new role for the judge',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:from now on,? )?you are (?:no longer (?:an? |the )?(?:[\\w-]+ ){0,2}(?:judge|grader|evaluator|examiner|rater)|(?:an? |the )?(?:judge|grader|evaluator|examiner|rater) no (?:more|longer)|now (?:an? |the |in )?(?:very )?(?:lenient|generous|kind|friendly|easy|unrestricted|helpful|dan|developer|debug|maintenance|test)\\b)${REST}`,
    ),
  },
  {
    name: 'line in the name of the system',
    counts_in_questions: true,
    pattern: english(
      `(?:^|(?<=[.!?]\\s{0,3}))[^\\p{L}\\p{N}\\n]{0,8}(?:system|assistant|developer|admin|judge|grader|evaluator|user)(?: (?:message|prompt|note|notice|update|instruction))?[^\\p{L}\\p{N}\\n:：]{0,4}[:：](?=[^\\n]{0,200}(?:\\bjudg|\\bgrad|\\bevaluat|rubric|\\bscor|\\bmark|ignore|disregard|instruct|\\bprompt|verdict|criteri|overrid|${OUT_OF}))[^\\n]*`,
    ),
  },
  {
    name: 'chat template',
    counts_in_questions: true,
    pattern:
      /<\|[a-z_]{2,20}\|>(?:\s{0,3}(?:system|assistant|user|developer)\b)?|\[\/?INST\]|<<\/?SYS>>|<\/?s>(?=\s{0,3}\[)/giu,
  },
  {
    name: 'tag with orders in it',
    counts_in_questions: true,
    pattern: english(
      `<(system|instructions?|judge|verdict|rubric|grader|evaluator|admin|developer|override|important|secret)\\b[^>\\n]{0,40}>[^<]{0,600}</\\1\\s{0,3}>`,
    ),
  },
  {
    name: 'tag of the judging',
    counts_in_questions: false,
    pattern:
      /<\/?(?:system|judge|verdict|rubric|grader|evaluator|override|end_of_reply|reply|tutor_reply)\s{0,3}\/?>/giu,
  },
  {
    name: 'imitated fence',
    counts_in_questions: true,
    pattern:
      /<{2,12}\s{0,3}\/?(?:BEGIN|END|STOP|CLOSE)\b[^>\n]{0,80}>{2,}|(?:^|(?<=[\s.!?]))[[(<{*=#_~-]{1,20}\s{0,2}(?:begin|end|start)(?: of)?(?: the)?(?: tutor['’]?s?)? (?:reply|response|transcript|material|context|input|fence|judged text)\b[^\n]{0,30}?[\])>}*=#_~-]{1,20}/gimu,
  },
  {
    name: 'end of the reply declared',
    counts_in_questions: false,
    pattern: english(
      `(?<=^|[.!?\\n]\\s{0,3})(?:this is (?:the )?)?end of (?:the )?(?:tutor['’]?s? )?(?:reply|response|transcript|material|context|judged text)\\s{0,2}(?:[.:]|$)[.!:]*`,
    ),
  },
  {
    name: 'verdict in words',
    counts_in_questions: false,
    pattern: english(
      `${START}(?:(?:my |the )?(?:final |overall )?verdict|(?:final|overall|total|sd|socratic(?: disposition)?) (?:score|mark|grade|rating)|score for this (?:reply|turn|response)|(?:final|overall) (?:evaluation|assessment))\\s{0,3}(?:[:=]|is|→)\\s{0,3}["“]?(?:10|ten|5|five|perfect|fully (?:socratic|compliant)|compliant|pass)\\b(?!\\s{0,2}(?:[-–:]|to)\\s{0,2}\\d)${REST}`,
    ),
  },
  {
    name: 'criteria with top marks',
    counts_in_questions: true,
    pattern: english(
      `(?:(?:criteria|marks|scores)\\s{0,2}:\\s{0,20})?(?:[-*•]\\s{0,3})?["'<]{0,2}(?:(?:open[-_ ]ended|single[-_ ]question|probing[-_ ]depth|builds[-_ ]on[-_ ]prior|non[-_ ]directive|no[-_ ]advice|no[-_ ]leading)["'>]{0,2}\\s{0,3}[:=]?\\s{0,3}|(?:grammatical|relevance|form|substance|purity)["'>]{0,2}\\s{0,3}[:=]\\s{0,3})["']?(?:5|10|five|ten)\\b(?:\\s{0,2}/\\s{0,2}\\d{1,2})?["']?(?:</\\w{1,20}>)?[,;.]*`,
    ),
  },
];
