import { STUDENT_ROLES, transcriptSchema, type Transcript } from '../../schemas/transcript.ts';
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
}

/**
 * Reads one parsed line of a transcripts file. Problems are `where: path: expected … got …`; none of the line is used then.
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
  for (const message of messages) {
    const words = message.text ?? message.content ?? '';
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
  };
}
