import { csv } from '../export/csv.ts';
import { download, fileStem } from '../export/download.ts';
import type { FigureData } from './figure.tsx';

/** Saves a table; the rows are made when asked for. */
export function CsvButton({ name, data }: { name: string; data: () => FigureData }) {
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        const { columns, rows } = data();
        download(`${fileStem(name)}.csv`, 'text/csv;charset=utf-8', csv(columns, rows));
      }}
    >
      Save CSV
    </button>
  );
}
