import { useLayoutEffect } from 'preact/hooks';
import type { TranscriptFile } from '../../../../schemas/dashboard-runs.ts';
import { transcriptFile } from '../../data/files.ts';
import { declineText, declineWord } from '../../format/decline.ts';
import { CSD_LABELS, CSD_LIST, endedLabel, temperatureLabel, weekLabel, words } from '../../format/labels.ts';
import { coefficient, count, halfLife, interval, percent, plural, points, usd } from '../../format/number.ts';
import { Badge, SimulatedBadge } from '../../kit/badge.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead, Stat, Stats } from '../../kit/page.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import { TurnArticle } from './turn-article.tsx';
import { TurnStrip } from './turn-strip.tsx';
import { useTurnKeys } from './use-turn-keys.ts';

/** One dialogue, turn by turn. */
export function RunPage({ run_id }: { run_id: string }) {
  return (
    <Loaded
      from={transcriptFile(run_id)}
      missing={
        <>
          There is no transcript of run “{run_id}”: it was skipped, failed before its first turn, or has not
          been published. <To to="/runs">See all runs</To>.
        </>
      }
    >
      {(file) => <Run file={file} />}
    </Loaded>
  );
}

function Run({ file }: { file: TranscriptFile }) {
  const { run, turns } = file;
  usePageTitle(`${run.model}, ${run.phase}, ${file.seed.title}`);
  const named = Number(query.value['turn']);
  const at = turns.some(({ turn_index }) => turn_index === named) ? named : null;
  const isOpen = query.value['detail'] === 'on';
  const show = (turn: number) => setQuery({ turn: String(turn) });
  useTurnKeys({ turns, at, show, toggleDetail: () => setQuery({ detail: isOpen ? null : 'on' }) });
  // With the address, not after the next paint: whoever presses fast or reads by ear is where the address says.
  useLayoutEffect(() => {
    if (at === null) return;
    const article = document.getElementById(`turn-${at}`);
    article?.scrollIntoView({ block: 'start' });
    article?.focus({ preventScroll: true });
  }, [at, file]);
  return (
    <>
      <PageHead
        crumbs={
          <>
            <To to={`/model/${run.model}`} with={{ execution: file.execution_id }}>
              {run.model}
            </To>{' '}
            / {weekLabel(file.week)} / {run.phase}
          </>
        }
        title={file.seed.title}
        badges={run.is_simulated ? <SimulatedBadge /> : null}
      >
        {run.model} tutors {file.seed.student_name}: {endedLabel(run)}; within the dialogue it{' '}
        {declineWord(run) === 'declines' ? (
          <strong class="ink-worse">{declineText(run)}</strong>
        ) : (
          `shows ${declineText(run).replace(' shown', '')}`
        )}
        .
      </PageHead>
      <Numbers file={file} />
      <details class="about">
        <summary>About this dialogue</summary>
        <About file={file} />
      </details>
      <TurnStrip file={file} at={at} show={show} />
      <p class="keys tiny faint">
        <kbd>j</kbd> next turn · <kbd>k</kbd> turn before · <kbd>v</kbd> next violation · <kbd>d</kbd>{' '}
        <button
          type="button"
          class="text-button"
          aria-pressed={isOpen}
          onClick={() => setQuery({ detail: isOpen ? null : 'on' })}
        >
          {isOpen ? 'hide' : 'show'} marks, judge and cost of every turn
        </button>
      </p>
      <div class="turns">
        {turns.map((turn) => (
          <TurnArticle
            key={turn.turn_index}
            turn={turn}
            file={file}
            isCurrent={turn.turn_index === at}
            isOpen={isOpen}
          />
        ))}
      </div>
    </>
  );
}

function Numbers({ file }: { file: TranscriptFile }) {
  const { run, scale } = file;
  return (
    <Stats>
      <Stat name="Half-life" value={halfLife(run)} note={endedLabel(run)} />
      <Stat
        name="Socratic Disposition"
        value={points(run.mean_score)}
        note={`${percent(run.compliance_rate)} of ${plural(run.n_scored_turns, 'turn')} comply (≥ ${scale.pass_score})`}
      />
      <Stat
        name="First third − last third"
        value={points(run.decline_pts)}
        note={`95% CI ${interval(run.decline_ci_low, run.decline_ci_high, points) || 'not known'}`}
      />
      <Stat
        name="CSD"
        value={coefficient(run.csd)}
        note={`${percent(file.csd_covered_weight)} of its weight applied`}
      />
      <Stat
        name="Cost"
        value={usd(run.cost_usd)}
        note={`tutor ${usd(run.dialogue_cost_usd)}, judge ${usd(run.judge_cost_usd)}`}
      />
    </Stats>
  );
}

function About({ file }: { file: TranscriptFile }) {
  const { run, seed } = file;
  const facts: [string, preact.ComponentChildren][] = [
    ['Student', `${seed.student_name}, ${seed.domain}. ${seed.persona}`],
    ['Goal, not told to the tutor', seed.goal],
    ['Reference answer', seed.reference_answer ?? 'none'],
    ['Seed', `${run.seed_id}: ${run.vector}, ${run.test_type}`],
    [
      'Cell',
      `${run.phase}, variant ${run.variant}, temperature ${temperatureLabel(run.temperature)}, repeat ${run.repeat}`,
    ],
    ['Context at the last turn', `${count(run.context_tokens)} tokens, estimated`],
    [
      'Half-life at other thresholds',
      file.half_life_curve
        .map(
          ({ threshold_pts, half_life_turn }) =>
            `${threshold_pts}: ${half_life_turn ?? `> ${run.observed_turns}`}`,
        )
        .join(' · '),
    ],
    [
      'Below 80% of its own start',
      run.relative_half_life_turn === null ? 'not reached' : `turn ${run.relative_half_life_turn}`,
    ],
    ['Productive puzzlement (aporia)', run.aporia_turn === null ? 'not reached' : `turn ${run.aporia_turn}`],
    [
      'CSD',
      CSD_LIST.map((name) => `${CSD_LABELS[name].short} ${coefficient(run.csd_subscores[name])}`).join(' · '),
    ],
    ['Salience recall at 3', coefficient(file.salience_recall_at_3)],
    [
      'System prompt',
      <To key="prompt" to={`/manifest/${file.manifest_id}`}>
        {file.system_prompt}
      </To>,
    ],
    ['Provider', file.provider],
    ['Files in the lake', <code key="keys">{file.judged_key}</code>],
    ['Root hash', <code key="root">{file.run_root_sha256 ?? 'none'}</code>],
  ];
  return (
    <>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {run.n_injection_turns > 0 ? (
        <Badge tone="care">
          {plural(run.n_injection_turns, 'reply speaks', 'replies speak')} to the judge
        </Badge>
      ) : null}
      {run.fault === null ? null : <Badge tone="care">fault: {words(run.fault)}</Badge>}
    </>
  );
}
