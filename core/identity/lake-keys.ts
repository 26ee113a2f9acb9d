import { PREFIX } from '../../schemas/names.ts';

/** Every key of the lake, each form written once (layout: docs/lake.md). All parts are path-safe by their schemas. */
type Place = { dt: string; model: string; phase: string; run_id: string };
const number4 = (n: number) => String(n).padStart(4, '0');
const number2 = (n: number) => String(n).padStart(2, '0');

export const lakeKeys = {
  manifest: (manifest_id: string) => `${PREFIX.manifests}/${manifest_id}.json`,
  plan: (manifest_id: string, execution_id: string) =>
    `${PREFIX.manifests}/${manifest_id}/plans/${execution_id}.jsonl`,
  runs: (manifest_id: string, execution_id: string) =>
    `${PREFIX.manifests}/${manifest_id}/plans/${execution_id}.runs.jsonl`,
  judgements: (manifest_id: string, execution_id: string) =>
    `${PREFIX.manifests}/${manifest_id}/plans/${execution_id}.judgements.jsonl`,
  checkpoints: (run_id: string) => `${PREFIX.checkpoints}/${run_id}/`,
  turnCheckpoint: (run_id: string, turn: number) =>
    `${PREFIX.checkpoints}/${run_id}/turn-${number4(turn)}.json`,
  studentCheckpoint: (run_id: string, turn: number) =>
    `${PREFIX.checkpoints}/${run_id}/student-${number4(turn)}.json`,
  judgeCheckpoint: (run_id: string, turn: number) =>
    `${PREFIX.checkpoints}/${run_id}/judge-${number4(turn)}.json`,
  /** The nth answer about a turn that another ask followed; the checkpoint of the turn repeats it. */
  studentAsk: (run_id: string, turn: number, n: number) =>
    `${PREFIX.checkpoints}/${run_id}/student-${number4(turn)}-${number2(n)}.json`,
  judgeAsk: (run_id: string, turn: number, n: number) =>
    `${PREFIX.checkpoints}/${run_id}/judge-${number4(turn)}-${number2(n)}.json`,
  /** The nth try about a turn that no answer came to: its ledger row, estimated. */
  unanswered: (run_id: string, turn: number, n: number) =>
    `${PREFIX.checkpoints}/${run_id}/unanswered-${number4(turn)}-${number2(n)}.json`,
  /** Says that a block was dropped under a cap; another cap may take it up again. */
  shedBlocks: (execution_id: string, cap_usd: number) =>
    `${PREFIX.checkpoints}/budget-${execution_id}/cap-${Math.round(cap_usd * 1e6)}/`,
  shedBlock: (execution_id: string, cap_usd: number, block: number) =>
    `${lakeKeys.shedBlocks(execution_id, cap_usd)}block-${number4(block)}.json`,
  /** Checkpoints are written once, so the second end of a run that was tried again has a number. */
  ended: (run_id: string, count = 1) =>
    `${PREFIX.checkpoints}/${run_id}/ended${count === 1 ? '' : `-${number4(count)}`}.json`,
  raw: (p: Place) => `${PREFIX.raw}/dt=${p.dt}/model=${p.model}/phase=${p.phase}/${p.run_id}.jsonl`,
  judged: (p: Place) => `${PREFIX.judged}/dt=${p.dt}/model=${p.model}/phase=${p.phase}/${p.run_id}.jsonl`,
  score: (dt: string, run_id: string) => `${PREFIX.scores}/dt=${dt}/${run_id}_summary.json`,
  curatedTurns: (week: string, execution_id: string) =>
    `${PREFIX.curatedTurns}/week=${week}/${execution_id}.parquet`,
  curatedWeekly: (week: string, execution_id: string) =>
    `${PREFIX.curatedWeekly}/week=${week}/${execution_id}.parquet`,
  goldenSet: (stem: string) => `${PREFIX.goldenSets}/${stem}.jsonl`,
  canaryResults: (dt: string, execution_id: string) =>
    `${PREFIX.canaryResults}/dt=${dt}/${execution_id}.jsonl`,
  canarySummary: (dt: string, execution_id: string) =>
    `${PREFIX.canaryResults}/dt=${dt}/${execution_id}.summary.json`,
  ledger: (week: string, execution_id: string) => `${PREFIX.ledger}/week=${week}/${execution_id}.jsonl`,
  alerts: (week: string, execution_id: string) => `${PREFIX.alerts}/week=${week}/${execution_id}.jsonl`,
  audit: (week: string, execution_id: string) => `${PREFIX.audit}/week=${week}/${execution_id}.jsonl`,
  evaluation: (dt: string, evaluation_id: string) => `${PREFIX.evaluator}/dt=${dt}/${evaluation_id}.json`,
  /** 000 is the session itself, 001 … its records. */
  label: (rater: string, session: string, seq: number) =>
    `${PREFIX.labels}/${rater}/${session}/${String(seq).padStart(3, '0')}.json`,
  /** No rater's name begins with an underscore. */
  candidate: (item_id: string) => `${PREFIX.labels}/_candidates/${item_id}.json`,
  status: (execution_id: string) => `${PREFIX.executions}/${execution_id}/status.json`,
  summary: (execution_id: string) => `${PREFIX.executions}/${execution_id}/summary.json`,
  seal: (execution_id: string) => `${PREFIX.executions}/${execution_id}/seal.json`,
} as const;
