import type { ChatMessage } from '../../../core/ports.ts';
import type { CompiledBank, Phrase } from './compiled-bank.ts';

/** A reply of the tutor's, as it is remembered. */
export interface Spoken {
  /** Null for a reply that is none of the bank's, such as one cut at the output limit. */
  phrase: Phrase | null;
  /** What it asked about: fill of {item}. */
  item: string | null;
  /** Everything of the student's that it took up, lower case. */
  named: string;
}

/** What a tutor remembers of one conversation: a function of its messages alone, whoever counted them before. */
export interface Conversation {
  /** Characters of all messages. */
  chars: number;
  /** Tutor replies so far. */
  replies: number;
  /** Latest replies, oldest first, a bounded number of them. */
  recent: Spoken[];
  /** Reply number at which a phrase was last spoken. */
  lastSpoken: Map<Phrase, number>;
  /** Fills of {item} so far. */
  asked: Set<string>;
  /** First sides of contradictions named so far. */
  surfaced: Set<string>;
}

/** Replies remembered with their content; older ones count only as spoken phrases. */
const RECENT_REPLIES = 12;

/** Folds a conversation as it grows. */
export type Follow = (messages: readonly ChatMessage[]) => Conversation;

/**
 * Remembers conversations by their message array, which grows and is never copied: each message is read once, a
 * conversation taken up in the middle is read from its start, and a finished one is forgotten with its array.
 */
export function createFollow(bank: CompiledBank): Follow {
  const known = new WeakMap<readonly ChatMessage[], { conversation: Conversation; read: number }>();
  return (messages) => {
    let entry = known.get(messages);
    if (entry === undefined || entry.read > messages.length) {
      entry = { conversation: emptyConversation(), read: 0 };
      known.set(messages, entry);
    }
    for (; entry.read < messages.length; entry.read += 1)
      addMessage(entry.conversation, messages[entry.read]!, bank);
    return entry.conversation;
  };
}

function emptyConversation(): Conversation {
  return { chars: 0, replies: 0, recent: [], lastSpoken: new Map(), asked: new Set(), surfaced: new Set() };
}

function addMessage(conversation: Conversation, message: ChatMessage, bank: CompiledBank): void {
  conversation.chars += message.text.length;
  if (message.role === 'user') return;
  const found = bank.find(message.text);
  const { item = null, other = '', focus = '', first } = found?.fills ?? {};
  conversation.replies += 1;
  conversation.recent.push({
    phrase: found?.phrase ?? null,
    item,
    named: `${item ?? ''} ${other} ${focus}`.toLowerCase(),
  });
  if (conversation.recent.length > RECENT_REPLIES) conversation.recent.shift();
  if (item !== null) conversation.asked.add(item);
  if (found === null) return;
  conversation.lastSpoken.set(found.phrase, conversation.replies);
  if (first !== undefined) conversation.surfaced.add(first);
}
