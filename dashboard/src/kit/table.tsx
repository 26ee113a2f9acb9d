import type { ComponentChildren, VNode } from 'preact';

/** A column: how its cells read, and how it sorts. */
export interface Column<T> {
  key: string;
  head: ComponentChildren;
  cell: (row: T) => ComponentChildren;
  is_number?: boolean;
  /** Extra class of its cells, e.g. `wide-only`. */
  class?: string;
  /** Present where the head sorts by this column. */
  sort?: (row: T) => number | string | null;
  title?: string;
}

/** How a table is sorted, as it stands in the URL: `score` or `-score`. */
export interface Sorting {
  value: string;
  set: (value: string) => void;
}

/** A table with a caption for readers who cannot see it; the first cell of each row is its head. */
export function Table<T>({
  caption,
  columns,
  rows,
  rowKey,
  sorting,
  rowClass,
}: {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  sorting?: Sorting;
  rowClass?: (row: T) => string;
}): VNode {
  return (
    // Wide tables scroll inside their frame, which the keyboard must reach.
    <div class="table-wrap" tabIndex={0} role="region" aria-label={caption}>
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} {...(sorting === undefined ? {} : { sorting })} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} class={rowClass?.(row)}>
              {columns.map((column, index) => {
                const name = `${column.is_number ? 'number' : ''} ${column.class ?? ''}`.trim();
                return index === 0 ? (
                  <th key={column.key} scope="row" class={name}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} class={name}>
                    {column.cell(row)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<T>({ column, sorting }: { column: Column<T>; sorting?: Sorting }) {
  const name = `${column.is_number ? 'number' : ''} ${column.class ?? ''}`.trim();
  if (sorting === undefined || column.sort === undefined)
    return (
      <th scope="col" class={name} title={column.title}>
        {column.head}
      </th>
    );
  const isUp = sorting.value === column.key;
  const isDown = sorting.value === `-${column.key}`;
  return (
    <th
      scope="col"
      class={name}
      title={column.title}
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
    >
      <button type="button" class="sort" onClick={() => sorting.set(isDown ? column.key : `-${column.key}`)}>
        {column.head}
        <span aria-hidden="true"> {isUp ? '▲' : isDown ? '▼' : '↕'}</span>
      </button>
    </th>
  );
}
