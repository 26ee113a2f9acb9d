import type { IndexFile, ManifestFile } from '../../../../schemas/dashboard-data.ts';
import { indexFile, manifestFile } from '../../data/files.ts';
import { all, optional, type Resource } from '../../data/resource.ts';
import { weekLabel, words } from '../../format/labels.ts';
import { usd } from '../../format/number.ts';
import { Badge } from '../../kit/badge.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead, Section } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { Select } from '../../kit/select.tsx';
import { Table } from '../../kit/table.tsx';
import { go, linkTo, query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import { ArtefactText } from './artefact-text.tsx';

/** What was measured with what: the matrix, every artefact by hash, prompts and rubric verbatim, and what differs from another manifest. */
export function ManifestPage({ manifest_id }: { manifest_id: string | null }) {
  if (manifest_id === null)
    return <Scoped>{(scope) => <Chosen manifest_id={scope.execution.manifest_id} />}</Scoped>;
  return <Chosen manifest_id={manifest_id} />;
}

function Chosen({ manifest_id }: { manifest_id: string }) {
  usePageTitle('Manifest');
  const index = optional(indexFile());
  const against = query.value['against'];
  const other: Resource<ManifestFile | null> =
    against === undefined || against === manifest_id
      ? { state: 'ready', value: null }
      : manifestFile(against);
  return (
    <Loaded
      from={all(manifestFile(manifest_id), other)}
      missing={
        <>
          One of the manifests has not been published. <To to="/manifest">See that of the week</To>.
        </>
      }
    >
      {([file, before]) => <Manifest file={file} before={before} index={index} />}
    </Loaded>
  );
}

function Manifest({
  file,
  before,
  index,
}: {
  file: ManifestFile;
  before: ManifestFile | null;
  index: IndexFile | null;
}) {
  const { manifest, seeds } = file;
  const { content } = manifest;
  const { profile } = content;
  const known = [
    ...new Map((index?.executions ?? []).map((each) => [each.manifest_id, each])).values(),
  ].toReversed();
  const options = known.map((each) => ({
    value: each.manifest_id,
    text: `${weekLabel(each.week)}, ${each.series}`,
  }));
  const old = new Map(
    before?.manifest.content.artefacts.map((artefact) => [artefact.kind + artefact.stem, artefact.sha256]),
  );
  const oldKinds = new Map(
    before?.manifest.content.artefacts.map((artefact) => [artefact.kind, artefact.stem]),
  );
  const changed =
    before === null
      ? []
      : content.artefacts.filter(({ kind, stem, sha256 }) => old.get(kind + stem) !== sha256);
  return (
    <>
      <PageHead
        crumbs={manifest.manifest_id}
        title="Manifest"
        badges={
          before === null ? null : content.measure_sha256 === before.manifest.content.measure_sha256 ? (
            <Badge tone="better">same measure</Badge>
          ) : (
            <Badge tone="care">measure differs</Badge>
          )
        }
      >
        {profile.title}. Two figures compare when their measure is equal:{' '}
        <code>{content.measure_sha256.slice(0, 16)}</code>.
      </PageHead>
      <div class="filters">
        {options.some(({ value }) => value === manifest.manifest_id) ? (
          <Select
            label="Manifest"
            value={manifest.manifest_id}
            options={options}
            onChange={(value) => go(linkTo(`/manifest/${value}`, { against: query.value['against'] }))}
          />
        ) : null}
        <Select
          label="Compare with"
          value={before?.manifest.manifest_id ?? ''}
          options={[
            { value: '', text: 'nothing' },
            ...options.filter(({ value }) => value !== manifest.manifest_id),
          ]}
          onChange={(value) => setQuery({ against: value })}
        />
      </div>
      {before === null ? null : (
        <p class={`notice ${changed.length > 0 ? 'care' : ''}`}>
          {changed.length === 0
            ? content.measure_sha256 === before.manifest.content.measure_sha256
              ? 'All artefacts are the same, byte for byte.'
              : 'All artefacts are the same, byte for byte; what differs are the models or judges chosen, or the version of the measuring code.'
            : `Changed: ${changed.map(({ kind, stem }) => `${words(kind)} ${oldKinds.get(kind) === undefined || oldKinds.get(kind) === stem ? stem : `${oldKinds.get(kind)} → ${stem}`}`).join(', ')}.`}
        </p>
      )}
      <Section title="Matrix">
        <dl class="facts">
          {(
            [
              ['Models', profile.models.join(', ')],
              ['Phases', profile.phases.join(', ')],
              ['Scenarios', profile.seeds.join(', ')],
              ['Temperatures', profile.temperatures.join(', ')],
              ['Repeats', String(profile.repeats)],
              [
                'Variants',
                Object.entries(profile.variants)
                  .map(
                    ([name, { system_prompt, student, pad, pressure }]) =>
                      `${name}: ${system_prompt}, ${student} student, pad ${pad}, pressure ${pressure}`,
                  )
                  .join('; '),
              ],
              ['Judges', [profile.judges.primary, profile.judges.secondary ?? 'no second judge'].join(', ')],
              ['Budget', usd(profile.budget_usd)],
              ['Measure version', String(content.measure_version)],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section
        title="Prompts, rubric, phases and alert rules"
        lede="Verbatim, as the models and the code got them."
      >
        <div class="artefacts">
          {file.texts.map((text) => (
            <ArtefactText
              key={`${text.kind} ${text.stem}`}
              text={text}
              before={
                before?.texts.find(({ kind, stem }) => kind === text.kind && stem === text.stem) ??
                before?.texts.find(({ kind }) => kind === text.kind) ??
                null
              }
              isCompared={before !== null}
            />
          ))}
        </div>
      </Section>
      <Section title="Scenarios">
        <div class="grid-2">
          {seeds.map((seed) => (
            <article key={seed.seed_id} class="figure seed">
              <h3>{seed.title}</h3>
              <p class="tiny faint">
                {seed.seed_id} · {seed.vector}, {seed.test_type} · {seed.domain}
              </p>
              <p class="sentence">“{seed.student_statement}”</p>
              <p class="small">
                <span class="faint">Goal, not told to the tutor:</span> {seed.goal}
              </p>
            </article>
          ))}
        </div>
      </Section>
      <Section title="Artefacts">
        <Table
          caption="Artefacts by hash"
          rows={content.artefacts}
          rowKey={(row) => `${row.kind} ${row.stem}`}
          columns={[
            { key: 'stem', head: 'Artefact', cell: (row) => row.stem },
            { key: 'kind', head: 'Kind', cell: (row) => words(row.kind) },
            {
              key: 'hash',
              head: 'SHA-256',
              cell: (row) => (
                <>
                  <code class="tiny">{row.sha256.slice(0, 16)}</code>{' '}
                  {changed.includes(row) ? <Badge tone="care">changed</Badge> : null}
                </>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
