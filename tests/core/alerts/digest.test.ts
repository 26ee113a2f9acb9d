import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { buildDigest } from '../../../core/alerts/digest.ts';
import { asciiSubject, digestSlack, digestSubject, digestText } from '../../../core/alerts/digest-text.ts';
import { evaluateRules } from '../../../core/alerts/evaluate-rules.ts';
import { failureMail } from '../../../core/alerts/failure-mail.ts';
import type { WeeklySummary } from '../../../schemas/weekly-summary.ts';
import { allPhasesRow, evidence, executionSummary, phaseRow, rules } from './fixtures.ts';

const links = [
  { label: 'Overview', url: 'https://example.org/#/2026-W47' },
  { label: 'Alerts', url: 'https://example.org/#/alerts' },
];
const digestOf = (rows: readonly WeeklySummary[]) =>
  buildDigest(executionSummary(rows), evaluateRules(evidence(rows), rules), links);
const FALL = {
  rmst_turns: 21,
  wow_rmst_now_turns: 21,
  wow_rmst_before_turns: 30,
  wow_rmst_delta: -0.3,
  wow_rmst_ci_low: -0.42,
  wow_rmst_ci_high: -0.18,
  wow_rmst_p: 0.0001,
};
const ranked = (model: string, rank: number, rmst_turns: number, changes: Partial<WeeklySummary> = {}) =>
  allPhasesRow({
    model,
    rank,
    rank_max: rank,
    n_ranked: 5,
    rmst_turns,
    rmst_ci_low: rmst_turns - 2,
    rmst_ci_high: rmst_turns + 2,
    ...changes,
  });

describe('weekly digest', () => {
  const quiet = digestOf([
    ranked('steadfast', 1, 39),
    ranked('drifter-20', 2, 31, { rank_max: 3 }),
    ranked('drifter-10', 2, 30, { rank_max: 3 }),
    ranked('leading', 4, 4),
  ]);

  it('is sent when all is quiet, verdict first', () => {
    expect(digestText(quiet).split('\n')[0]).toBe(
      'All quiet in 2026-W47: no rule fired, 4 models (simulated models), 4 compared with the week before.',
    );
  });

  it('shows who may be among the first three, by half-life, and how far the interval carries', () => {
    expect(quiet.top.map(({ rank, model }) => `${rank} ${model}`)).toEqual([
      '1 steadfast',
      '2–3 drifter-20',
      '2–3 drifter-10',
    ]);
    expect(digestText(quiet)).toContain('1 steadfast 39.0 (37.0-41.0, these seeds only)');
  });

  it('states coverage, cost, judge, power and links', () => {
    const text = digestText(
      digestOf([...['steadfast', 'leading'].flatMap((model) => [phaseRow({ model }), ranked(model, 1, 39)])]),
    );
    expect(text).toContain('Coverage: 180 of 180 planned runs scored.');
    expect(text).toContain('Cost: $31.50 of $40.00 (78.8%).');
    expect(text).toContain('Judge: splits 10.0% of 2880 turns; no canary this week.');
    expect(text).toContain('finds falls of 13.0% in half-life and falls of 5.0 points in compliance');
    expect(text).toContain('Overview: https://example.org/#/2026-W47');
  });

  it('judges and compares by phase where a model lacks one', () => {
    const lacking = digestOf([
      phaseRow({ model: 'small-window' }),
      allPhasesRow({ model: 'small-window', wow_n_pairs: 0, n_judged_turns: 0, wow_rmst_mdc: null }),
    ]);
    expect(lacking.verdict).toContain('1 compared with the week before');
    expect(lacking.judge).toContain('of 1440 turns');
    expect(lacking.power).toBe('Power: no model has all its phases paired with the week before.');
  });

  it('does not say of paired weeks without a difference that they were not compared', () => {
    const alike = {
      wow_rmst_delta: 0,
      wow_compliance_delta: 0,
      wow_rmst_mdc: null,
      wow_compliance_mdc: null,
    };
    const still = digestOf([phaseRow(alike), allPhasesRow(alike)]);
    expect(still.verdict).toContain('1 compared with the week before');
    expect(still.power).toMatch(/^Power: not known; the runs paired .* all moved alike\.$/);
    expect(digestText(still)).toContain('Changes: none.');
  });

  it('tells scored runs that were cut short', () => {
    const cut = digestOf([phaseRow({ n_censored: 7 }), allPhasesRow({ n_censored: 7 })]);
    expect(cut.coverage).toBe('Coverage: 180 of 180 planned runs scored, 7 of them cut short.');
  });

  it('leads with what fires', () => {
    const loud = digestOf([allPhasesRow(FALL), ranked('steadfast', 1, 39)]);
    const [verdict, first] = digestText(loud).split('\n');
    expect(verdict).toBe('1 alert in 2026-W47, 2 models (simulated models): half_life_drop drifter-20.');
    expect(first).toContain('RMST 30.0 -> 21.0');
  });

  it('marks a change whose interval holds 0 as noise', () => {
    const text = digestText(
      digestOf([
        allPhasesRow({ wow_rmst_delta: -0.05 }),
        allPhasesRow({
          model: 'steadfast',
          wow_rmst_delta: 0.12,
          wow_rmst_ci_low: 0.02,
          wow_rmst_ci_high: 0.22,
        }),
      ]),
    );
    expect(text).toContain('drifter-20 half-life -5.0% (95% CI -10.0% to 10.0%), 36 pairs [within noise]');
    expect(text).toContain('steadfast half-life +12.0% (95% CI 2.0% to 22.0%), 36 pairs;');
  });

  it('never exceeds twelve lines, whatever fires', () => {
    const many = Array.from({ length: 25 }, (_, i) => ranked(`model-${i}`, 1, 20, FALL));
    const text = digestText(digestOf(many));
    expect(text.split('\n').length).toBeLessThanOrEqual(12);
    expect(text).toContain('21 more firing');
  });

  it('says so where there is no week before', () => {
    const first = digestOf([
      allPhasesRow({
        wow_n_pairs: 0,
        wow_rmst_delta: null,
        wow_rmst_p: null,
        wow_rmst_mdc: null,
        wow_compliance_delta: null,
        wow_compliance_p: null,
      }),
    ]);
    expect(digestText(first)).toContain('no week before to compare with');
    expect(digestText(first)).toContain('Changes: none.');
  });

  it('is inert in Slack', () => {
    const slack = digestSlack({ ...quiet, verdict: '<!channel> & <https://evil.example|click>' });
    expect(slack.text).toBe('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
    expect(JSON.stringify(slack.blocks)).not.toContain('<!channel>');
    expect(JSON.stringify(slack.blocks)).toContain('<https://example.org/#/alerts|Alerts>');
  });

  it('survives a trip through JSON', () => {
    expect(JSON.parse(JSON.stringify(quiet))).toEqual(quiet);
  });
});

describe('subjects', () => {
  it('are printable ASCII below 100 characters for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(asciiSubject(text)).toMatch(/^[\x20-\x7e]{0,99}$/);
      }),
    );
    expect(digestSubject(digestOf([allPhasesRow(FALL)]))).toMatch(
      /^socratic-bench weekly: 1 alert in 2026-W47/,
    );
  });
});

describe('failure mail', () => {
  it('names the state, what is kept, the money and the way on', () => {
    const { subject, body } = failureMail({
      execution_id: 'weekly-2026-W47',
      week: '2026-W47',
      state: 'RunDialogues',
      error: { name: 'NothingMeasured', message: 'all models are closed' },
      n_recorded: 12,
      n_planned: 180,
      spent_usd: 1.5,
      budget_usd: 40,
      resume_command: 'socratic-bench run --resume weekly-2026-W47 --retry-errors',
    });
    expect(subject).toBe('socratic-bench 2026-W47 failed in RunDialogues: NothingMeasured');
    expect(body).toContain('12 of 180 planned dialogues');
    expect(body).toContain('$1.50 of $40.00');
    expect(body.split('\n').at(-1)).toBe(
      'Continue: socratic-bench run --resume weekly-2026-W47 --retry-errors',
    );
  });
});
