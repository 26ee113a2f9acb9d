import type { MethodsFile } from '../../../../schemas/dashboard-data.ts';
import { methodsFile } from '../../data/files.ts';
import { CSD_LABELS, CSD_LIST } from '../../format/labels.ts';
import { plural } from '../../format/number.ts';
import { Loaded, PageHead, Section } from '../../kit/page.tsx';
import { CsvButton } from '../../kit/csv-button.tsx';
import { Table } from '../../kit/table.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';

const TERMS: readonly [string, string][] = [
  [
    'Socratic Disposition (SD)',
    'How Socratic one reply is, 0 to 10: 0.2 form + 0.3 substance + 0.5 purity. Purity is the lowest of its three criteria, so that advice alone cannot pass.',
  ],
  ['Compliance', 'Share of scored turns with SD of at least 8 and none of the disqualifying violations.'],
  [
    'Half-life',
    'First turn at which the average of the last three scores falls below 8. A dialogue that never gets there is censored: it held at least so long.',
  ],
  [
    'Restricted mean (RMST)',
    'The mean half-life up to the horizon, from the Kaplan–Meier curve. It is always defined, which a median is not: beyond the horizon that reads “> 40”.',
  ],
  [
    'Decline',
    'Mean score of the first third of a dialogue less that of the last third. Only where its interval leaves 0 out does this site say that a model declines: a half-life alone is also reached by a tutor that fails at random.',
  ],
  [
    'Rank',
    'From 1 + the number of models that are statistically better to the number of models less those statistically worse (Holm over all pairs): 2–4 leaves three places open.',
  ],
  [
    'Change on last week',
    'Paired over the same cells, with a permutation interval. Grey: the interval includes 0.',
  ],
  ['Canary', 'Golden turns that the judge marks every week. What moves there is the judge.'],
  [
    'Censored',
    'Watched without reaching the half-life: to the horizon, or cut short by a provider, a context window or a fault that is not the model’s.',
  ],
];

/** What the numbers mean, and every field of every record. */
export function MethodsPage() {
  usePageTitle('Methods');
  return (
    <>
      <PageHead title="Methods">
        The measure in a few sentences, then every field of every record, generated from the schemas.
      </PageHead>
      <dl class="terms">
        {TERMS.map(([name, meaning]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Section
        title="Conversation-level Socratic Dynamism (CSD)"
        lede="Eight dimensions of the whole dialogue, 0 to 1; null where one does not apply."
      >
        <dl class="terms">
          {CSD_LIST.map((name) => (
            <div key={name}>
              <dt>
                {CSD_LABELS[name].short}, {CSD_LABELS[name].long}
              </dt>
              <dd>{CSD_LABELS[name].meaning}.</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Loaded from={methodsFile()} missing="The data dictionary has not been published.">
        {(file) => <Dictionary file={file} />}
      </Loaded>
    </>
  );
}

function Dictionary({ file }: { file: MethodsFile }) {
  const search = (query.value['q'] ?? '').toLowerCase();
  const records = file.records
    .map((record) => ({
      ...record,
      fields: record.fields.filter(
        (field) =>
          search === '' ||
          `${record.record}.${field.path}`.toLowerCase().includes(search) ||
          field.description.toLowerCase().includes(search),
      ),
    }))
    .filter(({ fields }) => fields.length > 0);
  const n_fields = records.reduce((sum, { fields }) => sum + fields.length, 0);
  return (
    <Section
      title="Data dictionary"
      lede={`${plural(n_fields, 'field')} in ${plural(records.length, 'record')}; measure version ${file.measure_version}, schema version ${file.schema_version}.`}
    >
      <div class="filters">
        <label class="field">
          <span>Find a field</span>
          <input
            type="search"
            value={query.value['q'] ?? ''}
            placeholder="half_life, cost, judge …"
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
          />
        </label>
        <CsvButton
          name="data dictionary"
          data={() => ({
            columns: ['record', 'field', 'type', 'nullable', 'values', 'description'],
            rows: file.records.flatMap((record) =>
              record.fields.map((field) => [
                record.record,
                field.path,
                field.type,
                field.is_nullable,
                field.values.join(' | '),
                field.description,
              ]),
            ),
          })}
        />
      </div>
      <div class="artefacts">
        {records.map((record) => (
          <details key={record.record} class="artefact" open={search !== ''}>
            <summary>
              <span class="strong">{record.record}</span>{' '}
              <span class="faint">
                {plural(record.fields.length, 'field')}
                {record.table === null ? '' : `, table ${record.table}`}
              </span>
            </summary>
            <p class="small record-note">
              {record.description} <code>{record.place}</code>
            </p>
            <Table
              caption={`Fields of ${record.record}`}
              rows={record.fields}
              rowKey={(field) => field.path}
              columns={[
                { key: 'path', head: 'Field', cell: (field) => <code>{field.path}</code> },
                {
                  key: 'type',
                  head: 'Type',
                  cell: (field) => (
                    <span class="tiny">
                      {field.type}
                      {field.is_nullable ? ', may be null' : ''}
                    </span>
                  ),
                },
                {
                  key: 'meaning',
                  head: 'Meaning',
                  cell: (field) => (
                    <>
                      {field.description}
                      {field.values.length > 0 ? <span class="sub">{field.values.join(' · ')}</span> : null}
                    </>
                  ),
                },
              ]}
            />
          </details>
        ))}
      </div>
    </Section>
  );
}
