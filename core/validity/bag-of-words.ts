import { wordsOf } from '../heuristics/text/words.ts';
import { groupFolds } from './group-folds.ts';
import { fitLogistic, scoreRow, type SparseRow } from './logistic-regression.ts';

/** One text with its verdict, and the group it belongs to. */
export interface LabelledText {
  text: string;
  group: string;
  verdict: boolean;
}

const FOLDS = 5;
/** An n-gram must occur in so many training texts. */
const MIN_TEXTS = 2;
/** Penalty of the published baseline (C = 3). */
const L2 = 1 / 3;

/**
 * The baseline to beat: logistic regression over words and word pairs of the utterance alone, classes balanced, trained on
 * these very rows by cross-validation over groups.
 * @returns probability of each text by a model that has not seen its group.
 */
export function bagOfWordsScores(items: readonly LabelledText[]): number[] {
  const grams = items.map(({ text }) => gramsOf(text));
  const folds = groupFolds(
    items.map(({ group }) => group),
    FOLDS,
    'bag-of-words',
  );
  const scores = items.map(() => 0.5);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const train = items.map((_, index) => index).filter((index) => folds[index] !== fold);
    const columns = columnsOf(train.map((index) => grams[index]!));
    const positives = train.filter((index) => items[index]!.verdict).length;
    if (positives === 0 || positives === train.length) continue;
    const model = fitLogistic({
      rows: train.map((index) => rowOf(grams[index]!, columns)),
      n_columns: columns.size,
      targets: train.map((index) => (items[index]!.verdict ? 1 : 0)),
      row_weights: train.map(
        (index) => train.length / (2 * (items[index]!.verdict ? positives : train.length - positives)),
      ),
      l2: L2,
    });
    for (const [index, own] of grams.entries()) {
      if (folds[index] === fold) scores[index] = 1 / (1 + Math.exp(-scoreRow(model, rowOf(own, columns))));
    }
  }
  return scores;
}

function gramsOf(text: string): Set<string> {
  const words = wordsOf(text);
  const grams = new Set<string>(words);
  for (let index = 1; index < words.length; index += 1) grams.add(`${words[index - 1]} ${words[index]}`);
  return grams;
}

function columnsOf(texts: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const grams of texts) for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  const columns = new Map<string, number>();
  for (const [gram, count] of counts) if (count >= MIN_TEXTS) columns.set(gram, columns.size);
  return columns;
}

/** Present or not, scaled to length one. */
function rowOf(grams: ReadonlySet<string>, columns: ReadonlyMap<string, number>): SparseRow {
  const found: number[] = [];
  for (const gram of grams) {
    const column = columns.get(gram);
    if (column !== undefined) found.push(column);
  }
  const value = found.length === 0 ? 0 : 1 / Math.sqrt(found.length);
  return { columns: Int32Array.from(found), values: new Float64Array(found.length).fill(value) };
}
