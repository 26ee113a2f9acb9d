import { ACKNOWLEDGEMENT_WORDS } from './parameters.ts';
import type { Dimension } from './read-turn.ts';
import { createTermIndex, type TermIndex } from './term-index.ts';
import type { SentenceReading } from './text.ts';

/** Words that put a matter aside or go back from it: a question that holds them returns, though it names the decoy. */
const SETS_ASIDE =
  /\b(?:aside|park|parked|parking|later|instead|rather than|before (?:we|you)|come back|coming back|back to|return|returning|stay with|for now|distract\w*|relevan\w*|what does (?:that|this|it) have to do|besides|apart from|leave (?:that|this|it))\b/u;

/**
 * Red-herring discipline: 1 − engagement with active decoys and sidebars. Engagement is the share of questions that pursue
 * one, or the share of words stated about it beyond a brief acknowledgement, whichever is more; naming it in a sentence and
 * returning scores 1. Null while none is in play: planted or brought up in this message, or taken up by the tutor after it was. (Turns in which an old decoy merely exists would all score 1 and drown those that test.)
 */
export function createRedHerringDiscipline(): Dimension {
  let active: readonly string[] = [];
  let index: TermIndex = createTermIndex([]);
  return {
    null_reason: 'no decoy or sidebar was in play',
    next({ scenario, said, tutor }) {
      const decoys = scenario?.active_decoys ?? [];
      const ids = decoys.map(({ item_id }) => item_id);
      const isNew = ids.some((id) => !active.includes(id));
      if (isNew || ids.length !== active.length) {
        index = createTermIndex(decoys.map(({ item_id, terms }) => ({ id: item_id, terms })));
      }
      active = ids;
      if (scenario === null || decoys.length === 0) return null;
      const engagement = engagementOf(tutor.sentences, ({ words }) => index.find(words).size > 0);
      const isInPlay = isNew || scenario.is_decoy_tempting || index.find(said.words).size > 0;
      return isInPlay || engagement > 0 ? 1 - engagement : null;
    },
  };
}

function engagementOf(
  sentences: readonly SentenceReading[],
  isAbout: (sentence: SentenceReading) => boolean,
): number {
  let asked = 0;
  let askedAbout = 0;
  let words = 0;
  let statedAbout = 0;
  for (const sentence of sentences) {
    words += sentence.words.length;
    const about = isAbout(sentence);
    if (sentence.is_asking) {
      asked += 1;
      if (about && !setsAside(sentence)) askedAbout += 1;
    } else if (about) statedAbout += sentence.words.length;
  }
  const returns = asked > askedAbout;
  const excess = Math.max(0, statedAbout - (returns ? ACKNOWLEDGEMENT_WORDS : 0));
  return Math.max(asked === 0 ? 0 : askedAbout / asked, words === 0 ? 0 : excess / words);
}

function setsAside({ words }: SentenceReading): boolean {
  return SETS_ASIDE.test(words.map(({ text }) => text).join(' '));
}
