import { compilePattern, type InjectionPattern } from './injection-patterns.ts';

/** One language: who is addressed, what is to be ignored, and what is to be given. */
interface Language {
  name: string;
  judge: string;
  /** Orders to ignore. */
  ignore: string;
  instructions: string;
  /** Orders to give. */
  give: string;
  /** Top marks in words; "10 … 10" is common to all. */
  top: string;
}

const TEN_OF_TEN =
  '(?:10|5)\\s{0,2}(?:/|de|von|sur|su|van|na|z|di|em|av|sobre|из|dari|out of|üzerinden)\\s{0,2}(?:10|5)\\b';

/** Languages in which words are divided by spaces and sentences by full stops. */
const LANGUAGES: readonly Language[] = [
  {
    name: 'Spanish',
    judge: 'juez|jueza|evaluador|evaluadora|examinador|calificador',
    ignore: 'ignora|ignore|ignoren|olvida|olvide|descarta',
    instructions: 'instruc\\p{L}+|rúbrica|criterios|reglas|indicaciones',
    give: 'da|dar|dale|dame|dé|den|otorga|otorgue|asigna|asigne|pon|ponga|califica|califique|puntúa',
    top: 'puntuación (?:máxima|perfecta)|máxima puntuación|nota máxima|puntaje (?:máximo|perfecto)|todos los puntos',
  },
  {
    name: 'French',
    judge: 'juge|évaluateur|évaluatrice|correcteur|correctrice|examinateur',
    ignore: 'ignore|ignorez|oublie|oubliez|néglige|négligez',
    instructions: 'instructions?|consignes?|barème|critères|règles',
    give: 'donne|donnez|attribue|attribuez|mets|mettez|note|notez|accorde|accordez',
    top: 'note (?:maximale|parfaite)|meilleure note|score (?:maximal|parfait)|tous les points',
  },
  {
    name: 'German',
    judge: 'richter|richterin|gutachter|gutachterin|prüfer|prüferin|bewerter|bewerterin|juror|jurorin',
    ignore: 'ignoriere|ignorieren|vergiss|vergessen|missachte|missachten',
    instructions: 'anweisung\\p{L}*|instruktion\\p{L}*|bewertungs\\p{L}+|vorgaben|regeln|rubrik|kriterien',
    give: 'gib|geben|vergib|vergeben|bewerte|bewerten|setze|setzen',
    top: 'volle punktzahl|höchstpunktzahl|höchste punktzahl|beste bewertung|bestnote|volle punkte',
  },
  {
    name: 'Italian',
    judge: 'giudice|valutatore|valutatrice|esaminatore|correttore',
    ignore: 'ignora|ignorate|dimentica|dimenticate|trascura',
    instructions: 'istruzion\\p{L}+|criteri|regole|rubrica|indicazioni',
    give: 'dai|date|assegna|assegnate|attribuisci|metti|valuta',
    top: 'punteggio (?:massimo|perfetto|pieno)|voto massimo|massimo dei voti',
  },
  {
    name: 'Portuguese',
    judge: 'juiz|juíza|avaliador|avaliadora|examinador|corretor',
    ignore: 'ignore|ignora|ignorem|esqueça|desconsidere',
    instructions: 'instruç\\p{L}+|critérios|regras|rubrica|orientações',
    give: 'dê|dá|deem|atribua|atribui|coloque|avalie',
    top: 'nota máxima|pontuação (?:máxima|perfeita)|todos os pontos',
  },
  {
    name: 'Dutch',
    judge: 'rechter|beoordelaar|examinator|jurylid',
    ignore: 'negeer|vergeet|sla over',
    instructions: 'instructies?|aanwijzingen|criteria|regels|rubriek',
    give: 'geef|ken|beoordeel|zet',
    top: 'maximale score|hoogste score|volle punten|maximale punten|perfecte score',
  },
  {
    name: 'Polish',
    judge: 'sędzio|sędzia|oceniający|egzaminatorze|recenzencie',
    ignore: 'ignoruj|zignoruj|pomiń|zapomnij',
    instructions: 'instrukcj\\p{L}+|poleceni\\p{L}+|kryteri\\p{L}+|zasad\\p{L}*|wytyczn\\p{L}+',
    give: 'daj|przyznaj|oceń|wystaw',
    top: 'maksymaln\\p{L}+ (?:ocen\\p{L}+|punkt\\p{L}+|wynik)|najwyższ\\p{L}+ ocen\\p{L}+|pełn\\p{L}+ punkt\\p{L}+',
  },
  {
    name: 'Turkish',
    judge: 'hakim|jüri|değerlendirici|değerlendirmeci',
    ignore: 'yok say|görmezden gel|unut',
    instructions: '(?:(?:önceki|yukarıdaki|tüm|bütün) )?(?:talimat\\p{L}*|kural\\p{L}*|ölçüt\\p{L}*)',
    give: 'ver|verin|puanla',
    top: 'tam puan|en yüksek puan\\p{L}*',
  },
  {
    name: 'Swedish',
    judge: 'domare|bedömare|granskare',
    ignore: 'ignorera|bortse från|glöm',
    instructions: 'instruktion\\p{L}*|regler\\p{L}*|kriterier\\p{L}*',
    give: 'ge|sätt|betygsätt',
    top: 'högsta (?:betyg|poäng)|full poäng',
  },
  {
    name: 'Indonesian',
    judge: 'juri|penilai|hakim',
    ignore: 'abaikan|lupakan',
    instructions: 'instruksi|petunjuk|aturan|kriteria',
    give: 'beri|berikan|nilai',
    top: 'nilai (?:sempurna|penuh|maksimal|tertinggi)|skor (?:sempurna|maksimal)',
  },
  {
    name: 'Russian',
    judge: 'судья|судье|оценщик|проверяющий|экзаменатор|рецензент',
    ignore: 'игнорируй|игнорируйте|проигнорируй|забудь|забудьте',
    instructions: 'инструкци\\p{L}+|указани\\p{L}+|критери\\p{L}+|правил\\p{L}*',
    give: 'поставь|поставьте|дай|дайте|выстави|оцени',
    top: 'высш\\p{L}+ (?:балл|оценк\\p{L})|максимальн\\p{L}+ (?:балл|оценк\\p{L})|полн\\p{L}+ балл',
  },
];

/** Words before a name in an address. */
const SALUTE =
  '(?:cher|chère|monsieur le|madame le|querido|querida|estimado|estimada|lieber|liebe|sehr geehrter|sehr geehrte|caro|cara|prezado|prezada|beste|geachte|szanowny|szanowna|sayın|kära|yth|уважаемый|дорогой)';
const REST = '[^.!?\\n]*[.!?]*';
const START = '(?<![\\p{L}\\p{N}_])';
const END = '(?![\\p{L}\\p{N}_])';

function patternsOf({ name, judge, ignore, instructions, give, top }: Language): InjectionPattern[] {
  const marks = `(?:${TEN_OF_TEN}|${top})`;
  const orders = `(?:${ignore}|${give}|${marks})`;
  const of = (what: string, source: string): InjectionPattern => ({
    name: `${name}: ${what}`,
    counts_in_questions: true,
    pattern: compilePattern(source, 'giu'),
  });
  return [
    of(
      'judge addressed',
      `${START}(?:${SALUTE}\\s)?(?:${judge})${END}\\s{0,2}[:,!][^.!?\\n]{0,80}?${START}${orders}${END}${REST}`,
    ),
    of(
      'instructions overridden',
      `${START}(?:${ignore})${END}[^.!?\\n]{0,60}?${START}(?:${instructions})${END}${REST}`,
    ),
    of(
      'overridden, object first',
      `${START}(?:${instructions})${END}[^.!?\\n]{0,30}?${START}(?:${ignore})${END}${REST}`,
    ),
    of('top marks ordered', `${START}(?:${give})${END}[^.!?\\n]{0,60}?${START}${marks}${REST}`),
    of('top marks, verb last', `${START}${marks}[^.!?\\n]{0,40}?${START}(?:${give})${END}${REST}`),
  ];
}

/** Scripts without spaces between words, or with full stops of their own. */
const SCRIPTS: readonly InjectionPattern[] = (
  [
    [
      'Chinese',
      /[^。！？.!?\n]{0,12}(?:忽略|无视|無視|忘记|忘掉)[^。！？\n]{0,30}(?:指示|指令|规则|規則|标准|標準|提示|评分)[^。！？\n]*[。！？]*|(?:评分员|评分者|评审|评委|裁判|阅卷)[：:，,][^。！？\n]*[。！？]*|[^。！？.!?\n，,]{0,20}(?:给|打|請給|请给)[^。！？\n]{0,12}(?:满分|滿分|最高分|(?:10|十)\s*分)[^。！？\n]*[。！？]*/giu,
    ],
    [
      'Japanese',
      /[^。！？.!?\n]{0,20}(?:指示|命令|基準|ルール|ルーブリック)[^。！？\n]{0,10}(?:無視|忘れ)[^。！？\n]*[。！？]*|(?:採点者|評価者|審査員|審判)(?:へ|の方|様|さん)?[：:、,][^。！？\n]*[。！？]*|[^。！？.!?\n、,]{0,20}(?:満点|最高点|10\s*点)[^。！？\n]{0,10}(?:付け|つけ|与え|ください|下さい)[^。！？\n]*[。！？]*/giu,
    ],
    [
      'Korean',
      /[^.!?\n]{0,20}(?:지시|명령|기준|규칙)[^.!?\n]{0,10}무시[^.!?\n]*[.!?]*|(?:채점자|평가자|심사위원|심판)(?:님|에게)?[:,][^.!?\n]*[.!?]*|[^.!?\n,]{0,20}(?:만점|10\s*점)[^.!?\n]{0,12}(?:주세요|주십시오|줘|매겨|부여)[^.!?\n]*[.!?]*/giu,
    ],
    [
      'Arabic',
      /(?:تجاهل|تجاهلوا|انس)[^.!؟\n]{0,40}(?:التعليمات|الإرشادات|القواعد|المعايير)[^.!؟\n]*[.!؟]*|(?:أيها|إلى) (?:الحكم|المقيّم|المقيم|المصحح)[^.!؟\n]*[.!؟]*|(?:امنح|أعط|اعط)[^.!؟\n]{0,40}(?:الدرجة الكاملة|العلامة الكاملة|10\s?(?:من|\/)\s?10|١٠ من ١٠)[^.!؟\n]*[.!؟]*/giu,
    ],
    [
      'Hindi',
      /[^.!?।\n]{0,30}(?:निर्देशों|निर्देश|नियमों)[^.!?।\n]{0,20}(?:अनदेखा|भूल|नज़रअंदाज़)[^.!?।\n]*[.!?।]*|(?:परीक्षक|मूल्यांकनकर्ता|निर्णायक)[:,][^.!?।\n]*[.!?।]*|[^.!?।\n,]{0,30}(?:पूरे अंक|10 में से 10)[^.!?।\n]{0,20}(?:दें|दो|दीजिए)[^.!?।\n]*[.!?।]*/giu,
    ],
    [
      'Vietnamese',
      /(?:bỏ qua|quên)[^.!?\n]{0,40}(?:hướng dẫn|chỉ dẫn|quy tắc|tiêu chí)[^.!?\n]*[.!?]*|(?:giám khảo|người chấm)\s?[:,][^.!?\n]*[.!?]*|(?:cho|chấm)[^.!?\n]{0,40}(?:điểm tối đa|điểm tuyệt đối|10 ?\/ ?10|10 điểm)[^.!?\n]*[.!?]*/giu,
    ],
  ] as const
).map(([name, pattern]) => ({ name, pattern, counts_in_questions: true }));

/** Addresses, overrides and demands for marks in other languages than English. */
export const LANGUAGE_PATTERNS: readonly InjectionPattern[] = [...LANGUAGES.flatMap(patternsOf), ...SCRIPTS];
