import { useState } from 'preact/hooks';
import type { CanaryFile } from '../../../../schemas/dashboard-runs.ts';
import { violationLabel } from '../../format/labels.ts';
import { plural, points, signed } from '../../format/number.ts';
import { Table } from '../../kit/table.tsx';

const STEP = 10;

/** Golden turns by how far the judge is from their label. */
export function CanaryItems({ canary }: { canary: CanaryFile }) {
  const [limit, setLimit] = useState(STEP);
  const items = canary.items
    .filter(({ judge_score }) => judge_score !== null)
    .sort((a, b) => Math.abs(b.deviation_pts ?? 0) - Math.abs(a.deviation_pts ?? 0));
  const n_unjudged = canary.items.length - items.length;
  return (
    <>
      {n_unjudged === 0 ? null : (
        <p class="lede">
          {plural(n_unjudged, 'golden turn')} of {canary.items.length} got no verdict
          {canary.summary.judge_model.startsWith('sim')
            ? ': the simulated judge marks only what stands in its phrase bank'
            : ''}
          .
        </p>
      )}
      <Table
        caption="Golden turns, largest deviations first"
        rows={items.slice(0, limit)}
        rowKey={(item) => item.item_id}
        columns={[
          {
            key: 'turn',
            head: 'Turn',
            class: 'cell-sentence',
            cell: (item) => (
              <>
                <span class="sentence">{item.tutor_text}</span>
                <span class="sub">
                  to “
                  {item.student_text.length > 120 ? `${item.student_text.slice(0, 117)}…` : item.student_text}
                  ”
                </span>
              </>
            ),
          },
          { key: 'label', head: 'Label', is_number: true, cell: (item) => points(item.expert_score) },
          {
            key: 'judge',
            head: 'Judge',
            is_number: true,
            cell: (item) => (
              <>
                {item.judge_score === null ? 'no verdict' : points(item.judge_score)}
                <span class="sub">{signed(item.deviation_pts, 2)}</span>
              </>
            ),
          },
          {
            key: 'violations',
            head: 'Labelled / found',
            class: 'wide-only',
            cell: (item) => (
              <span class="small">
                {item.expert_violations.map(violationLabel).join(', ') || 'none'}
                <span class="sub">{item.judge_violations.map(violationLabel).join(', ') || 'none'}</span>
              </span>
            ),
          },
        ]}
      />
      {items.length > limit ? (
        <div class="table-foot">
          <button type="button" class="button" onClick={() => setLimit(limit + 5 * STEP)}>
            Show more of {items.length - limit}
          </button>
        </div>
      ) : null}
    </>
  );
}
