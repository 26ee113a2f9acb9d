import { useState } from 'preact/hooks';
import type { ManifestFile } from '../../../../schemas/dashboard-data.ts';
import { words } from '../../format/labels.ts';
import { diffLines } from '../../format/diff.ts';
import { Badge } from '../../kit/badge.tsx';

type Text = ManifestFile['texts'][number];
const CONTEXT_LINES = 2;

/** One artefact, folded; verbatim, or what differs from the other manifest's. */
export function ArtefactText({
  text,
  before,
  isCompared,
}: {
  text: Text;
  before: Text | null;
  isCompared: boolean;
}) {
  const isChanged = isCompared && before?.sha256 !== text.sha256;
  const [isOpen, setIsOpen] = useState(isChanged);
  return (
    <details class="artefact" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <span class="strong">{text.stem}</span> <span class="faint">{words(text.kind)}</span>{' '}
        {isCompared ? (
          isChanged ? (
            <Badge tone="care">
              {before === null ? 'added' : before.stem === text.stem ? 'changed' : `was ${before.stem}`}
            </Badge>
          ) : (
            <Badge>same</Badge>
          )
        ) : null}{' '}
        <code class="tiny faint">{text.sha256.slice(0, 12)}</code>
      </summary>
      {isOpen ? (
        isChanged && before !== null ? (
          <Diff before={before.text} after={text.text} />
        ) : (
          <Verbatim text={text.text} />
        )
      ) : null}
    </details>
  );
}

function Verbatim({ text }: { text: string }) {
  return (
    <pre class="verbatim" tabIndex={0}>
      {text}
    </pre>
  );
}

/** Changed lines with two lines around them. */
function Diff({ before, after }: { before: string; after: string }) {
  const lines = diffLines(before, after);
  const isNear = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
      .some(({ kind }) => kind !== 'same'),
  );
  const signs = { same: ' ', removed: '−', added: '+' };
  return (
    <pre class="verbatim diff" tabIndex={0}>
      {lines.map((line, index) => {
        if (!isNear[index])
          return isNear[index - 1] ? (
            <span key={index} class="diff-gap">
              {'⋯\n'}
            </span>
          ) : null;
        return (
          <span key={index} class={`diff-${line.kind}`}>
            {`${signs[line.kind]} ${line.text}\n`}
          </span>
        );
      })}
    </pre>
  );
}
