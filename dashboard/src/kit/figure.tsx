import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { csv, type Cell } from '../export/csv.ts';
import { download, fileStem } from '../export/download.ts';
import { standaloneSvg } from '../export/svg.ts';

/** The numbers behind a drawing. */
export interface FigureData {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** A drawing with its finding in one sentence, its numbers as a table, and both as files. */
export function Figure({
  kicker,
  finding,
  note,
  data,
  children,
}: {
  /** What is drawn: "Half-life by week". */
  kicker: string;
  /** What it shows, in one sentence. */
  finding: string;
  note?: ComponentChildren;
  data: FigureData;
  children: ComponentChildren;
}) {
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const [isTable, setIsTable] = useState(false);
  const drawing = () => body.current!.querySelector<SVGSVGElement>('svg.chart')!;
  const stem = () => fileStem(kicker);
  return (
    <figure class="figure" aria-labelledby={id}>
      <figcaption id={id}>
        <div class="figure-kicker">{kicker}</div>
        <div class="figure-finding">{finding}</div>
      </figcaption>
      <div class="figure-body" ref={body}>
        {isTable ? <DataTable caption={kicker} data={data} /> : children}
      </div>
      {note === undefined ? null : <div class="figure-note">{note}</div>}
      <div class="figure-tools">
        <button
          type="button"
          class="button quiet"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
        >
          Table
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={() => download(`${stem()}.csv`, 'text/csv;charset=utf-8', csv(data.columns, data.rows))}
        >
          CSV
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={isTable}
          onClick={() => download(`${stem()}.svg`, 'image/svg+xml', standaloneSvg(drawing()))}
        >
          SVG
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={isTable}
          onClick={() => void savePng(drawing(), stem())}
        >
          PNG
        </button>
      </div>
    </figure>
  );
}

async function savePng(drawing: SVGSVGElement, stem: string): Promise<void> {
  const { pngOf } = await import('../export/png.ts');
  download(`${stem}.png`, 'image/png', await pngOf(drawing));
}

function DataTable({ caption, data }: { caption: string; data: FigureData }) {
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={caption}>
      <table class="table">
        <thead>
          <tr>
            {data.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} class={typeof cell === 'number' ? 'number' : ''}>
                  {typeof cell === 'number'
                    ? Number(cell.toFixed(4))
                    : cell === null
                      ? '–'
                      : String(cell ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One line of a key: a swatch and its name. */
export function Legend({ items }: { items: readonly { name: string; tone: string; is_dashed?: boolean }[] }) {
  return (
    <ul class="legend">
      {items.map(({ name, tone, is_dashed }) => (
        <li key={name}>
          <svg viewBox="0 0 14 10" aria-hidden="true">
            {tone.startsWith('stroke') ? (
              <line
                x1="0"
                x2="14"
                y1="5"
                y2="5"
                class={`line ${tone}`}
                stroke-dasharray={is_dashed ? '3 2' : undefined}
              />
            ) : (
              <rect width="14" height="10" rx="2" class={tone} />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
