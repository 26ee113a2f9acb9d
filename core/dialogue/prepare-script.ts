import { QUESTION_TYPES } from '../../schemas/heuristic-result.ts';
import { ERROR } from '../../schemas/names.ts';
import type { StudentMove } from '../../schemas/seed.ts';
import { HEARD_ACTS, type HeardAct, type StudentScript } from '../../schemas/student-script.ts';
import { NamedError } from '../errors.ts';
import type { Mentions } from './mentions.ts';
import { parseTemplate, slotsOf, type Template } from './template.ts';

export interface PreparedAct {
  /** Openers that take up words of the tutor's question, and those that can do without. */
  openers: { quoting: readonly Template[]; plain: readonly Template[] };
  next: readonly { move: StudentMove; weight: number }[];
  core_frac: number;
}

export interface PreparedGenre {
  name: string;
  needs: readonly string[];
  share: number;
  heads: readonly Template[];
  rounds: readonly [number, number];
  round: StudentScript['material']['genres'][number]['round'];
  tail: string | null;
}

/** A student's script with every template parsed. */
export interface PreparedScript {
  script: StudentScript;
  acts: ReadonlyMap<HeardAct, PreparedAct>;
  frames: ReadonlyMap<StudentMove, readonly Template[]>;
  /** Acts that are an open question of any kind: what leads to insight. */
  probing: ReadonlySet<HeardAct>;
  isClosed: Mentions;
  genericWords: ReadonlySet<string>;
  material: {
    leads: readonly Template[];
    genres: readonly PreparedGenre[];
    pools: ReadonlyMap<string, readonly Template[]>;
    lists: ReadonlyMap<string, readonly Template[]>;
  };
}

/** Slots of what the student says. */
export const SPEECH_SLOTS = ['item', 'item2', 'topic', 'person', 'fact', 'words', 'decoy', 'place'] as const;
/** Slots of pasted material, beside the script's own lists. */
export const MATERIAL_SLOTS = [
  // A matter as the student words it, and as others do: named in full once a paragraph, then "it" and the like.
  'topic',
  'matter',
  // The same, always in full.
  'topic_full',
  'matter_full',
  'person',
  'person2',
  'person3',
  'person_full',
  'everybody',
  'place',
  'fact', // a fact that nobody is named in
  'record', // any fact, for papers written about the student's world
  'item',
  'me',
  'date',
  'day',
  'time',
  'n',
  'n2',
] as const;

const prepared = new WeakMap<StudentScript, PreparedScript>();

/** Parses a script; the same object is parsed once. Throws InvalidConfig where a phrase holds a slot that nothing fills. */
export function prepareScript(script: StudentScript): PreparedScript {
  const known = prepared.get(script);
  if (known !== undefined) return known;
  const { material } = script;
  const speech = parserOf(SPEECH_SLOTS, script.version);
  const paper = parserOf([...MATERIAL_SLOTS, ...Object.keys(material.lists)], script.version);
  for (const text of [
    ...Object.values(script.tactics).flatMap((tactic) => tactic.phrasings.map((phrasing) => phrasing.text)),
    ...script.decoy_planted,
    ...script.decoy_tempts,
    ...script.meta,
    ...script.asides,
    ...script.digressions,
  ])
    speech(text);
  const result: PreparedScript = {
    script,
    acts: new Map(HEARD_ACTS.map((act) => [act, prepareAct(script.acts[act], speech)])),
    frames: new Map(
      Object.entries(script.frames).map(([move, texts]) => [move as StudentMove, texts.map(speech)]),
    ),
    probing: new Set(QUESTION_TYPES.filter((type) => type !== 'none')),
    isClosed: startsWithAny(script.listening.closed_openers),
    genericWords: new Set(script.listening.generic_words),
    material: {
      leads: material.leads.map(paper),
      genres: material.genres.map((genre) => ({ ...genre, heads: genre.heads.map(paper) })),
      pools: parsedRecord(material.pools, paper),
      lists: parsedRecord(material.lists, paper),
    },
  };
  prepared.set(script, result);
  return result;
}

function prepareAct(act: StudentScript['acts'][HeardAct], parse: (text: string) => Template): PreparedAct {
  const openers = act.openers.map(parse);
  return {
    openers: {
      quoting: openers.filter((opener) => slotsOf(opener).has('words')),
      plain: openers.filter((opener) => !slotsOf(opener).has('words')),
    },
    next: Object.entries(act.next).map(([move, weight]) => ({ move: move as StudentMove, weight })),
    core_frac: act.core_frac,
  };
}

function parserOf(slots: readonly string[], version: string): (text: string) => Template {
  return (text) => {
    const template = parseTemplate(text);
    for (const slot of slotsOf(template))
      if (!slots.includes(slot))
        throw new NamedError(
          ERROR.invalidConfig,
          `config/student, ${version}: "${text}": expected one of the slots ${slots.join(', ')}, got {${slot}}`,
        );
    return template;
  };
}

function parsedRecord(
  record: Readonly<Record<string, readonly string[]>>,
  parse: (text: string) => Template,
): Map<string, readonly Template[]> {
  return new Map(Object.entries(record).map(([name, texts]) => [name, texts.map(parse)]));
}

/** A test whether a question opens with one of the words. */
function startsWithAny(openers: readonly string[]): Mentions {
  const pattern = new RegExp(`^(?:${openers.join('|')})(?!\\p{L})`, 'iu');
  return (question) => pattern.test(question);
}
