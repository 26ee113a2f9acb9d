import {
  LEFT_OUT_ROLES,
  STUDENT_ROLES,
  TEXT_PARTS,
  transcriptSchema,
  wordsOfMessage,
  type Transcript,
} from '../../schemas/transcript.ts';
import { describeIssues } from '../manifest/describe-issues.ts';

export interface ExternalTurn {
  /** 1-based. */
  turn_index: number;
  /** Empty where the tutor opens. */
  said: string;
  tutor_text: string;
}

/** A dialogue made elsewhere, as turns: a student message, then the tutor's reply. */
export interface ExternalDialogue {
  dialogue_id: string | null;
  turns: ExternalTurn[];
  reference_answer: string | null;
  /** A last student message without a reply was left out. */
  has_unanswered_message: boolean;
  /** Messages that neither of the two said (system, developer, tool), or said without words, and parts that are no text. */
  n_left_out: number;
}

const LEFT_OUT: readonly string[] = LEFT_OUT_ROLES;

/**
 * Reads one parsed dialogue of a transcripts file. Problems are `where: path: expected … got …`; none of it is used then.
 * @param where the file and line the value comes from, e.g. `chats.jsonl:12`.
 */
export function readTranscript(
  value: unknown,
  where: string,
): { dialogue: ExternalDialogue; problems: [] } | { dialogue: null; problems: string[] } {
  const parsed = transcriptSchema.safeParse(value);
  return parsed.success
    ? { dialogue: turnsOf(parsed.data), problems: [] }
    : { dialogue: null, problems: describeIssues(where, value, parsed.error.issues) };
}

/** Neighbours of one role are joined by a line break; a tutor who opens has turn 1 with an empty student. Linear. */
function turnsOf({ dialogue_id, messages, meta }: Transcript): ExternalDialogue {
  const turns: ExternalTurn[] = [];
  let said: string[] = [];
  let replies: string[] = [];
  const close = (): void => {
    if (replies.length === 0) return;
    turns.push({ turn_index: turns.length + 1, said: said.join('\n'), tutor_text: replies.join('\n') });
    said = [];
    replies = [];
  };
  let n_left_out = 0;
  for (const message of messages) {
    const words = isSpoken(message) ? wordsOfMessage(message) : null;
    if (words === null) {
      n_left_out += 1;
      continue;
    }
    n_left_out += otherParts(message);
    if (STUDENT_ROLES.includes(message.role)) {
      close();
      said.push(words);
    } else replies.push(words);
  }
  close();
  return {
    dialogue_id: dialogue_id ?? null,
    turns,
    reference_answer: meta?.reference_answer ?? null,
    has_unanswered_message: said.length > 0,
    n_left_out,
  };
}

type Message = Transcript['messages'][number];
type SpokenMessage = Exclude<Message, { role: (typeof LEFT_OUT_ROLES)[number] }>;

function isSpoken(message: Message): message is SpokenMessage {
  return !LEFT_OUT.includes(message.role);
}

/** Parts of a message that are no text: images, calls and their results. */
function otherParts(message: Message): number {
  const words = isSpoken(message) ? (message.text ?? message.content) : null;
  return Array.isArray(words) ? words.filter(({ type }) => !TEXT_PARTS.includes(type)).length : 0;
}
