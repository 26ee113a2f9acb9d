/**
 * The measure's own numbers, each with its reason. They decide where on 0–1 a dimension stands, not which tutor is better;
 * changing one changes results and raises `measure_version`.
 */

/** ST: tutor turns whose questions count as keeping a point alive: three exchanges, the judge's shortest window (spec 3.2). */
export const SALIENCE_WINDOW_TURNS = 3;
/** ST: items one turn can be credited with (spec 3.4: reciting is not salience). */
export const SALIENCE_ITEMS_PER_TURN = 2;
/** ST: K of recall@K. */
export const RECALL_AT = 3;
/** ST: turns in which the weight of a point that nobody mentions halves: two windows. */
export const SALIENCE_HALVING_TURNS = 6;
/** ST: weight of a point found in the student's words, where the seed names the ones that matter, and where nobody does. */
export const FOUND_ITEM_WEIGHT = { with_seed: 0.25, without_seed: 0.5 } as const;
/** ST: points found in the student's words that are held (bounds memory), and added from one message. */
export const MAX_FOUND_ITEMS = 48;
export const MAX_FOUND_PER_MESSAGE = 4;

/** NVT: tutor turns compared with (spec 3.4). */
export const NOVELTY_WINDOW_TURNS = 10;
/** NVT: words in a shingle, and CR: student words in a row that count as copied, not merely shared; three is the usual length for near-duplicate sentences (Broder 1997 used 4–10 for documents). */
export const SHINGLE_WORDS = 3;
/** NVT: first words of a question that make its stem ("what makes you think"). */
export const STEM_WORDS = 4;

/** CH: tutor turns from the student's turn-about on within which naming both sides counts. */
export const CONTRADICTION_WINDOW_TURNS = 3;
/** CH: both sides must stand this close, in sentences, to have been set against each other. */
export const CONTRADICTION_SPAN_SENTENCES = 2;

/** RHD: words of statement about a decoy that pass as an acknowledgement: one plain sentence. */
export const ACKNOWLEDGEMENT_WORDS = 15;

/** TC: share of a question's weighted content that must come from the thread to be fully linked, and to count as linked. */
export const FULL_LINK = 0.5;
export const WEAK_LINK = 0.15;
/** TC: weight of a word that only the tutor uses, beside the student's: a frame is not a subject, but a foreign subject is one. */
export const OWN_WORD_WEIGHT = 1 / 3;
/** TC: link of a question that points back ("what does that rest on?") without repeating a word. */
export const ANAPHORA_LINK = 0.7;
/** TC: link of a question in a reply that takes up a word of the message elsewhere ("You say it is fair. Who decides?"). */
export const ANCHOR_LINK = 0.5;
/** TC: closed threads that a tutor may come back to, and content stems held of each (bounds memory). */
export const MAX_EARLIER_THREADS = 8;
export const MAX_THREAD_STEMS = 48;

/** Distinct stems whose document frequency is kept (bounds memory); least recently seen ones go first. */
export const MAX_VOCABULARY = 4096;
