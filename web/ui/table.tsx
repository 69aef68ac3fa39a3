import type { ComponentChildren, VNode } from "preact";

type Row = Readonly<{ key: string; cells: readonly ComponentChildren[] }>;
type Props = Readonly<{ caption: string; columns: readonly string[]; rows: readonly Row[] }>;

/** A table that becomes a list of labelled values on narrow screens. Cells stand in the order of the columns. */
export function Table({ caption, columns, rows }: Props): VNode {
  return (
    <table class="table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {cells.map((cell, index) => (
              <td key={columns[index]} data-column={columns[index]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
