import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** A table that scrolls by itself on a narrow screen. @param rows `<tr>…</tr>` each */
export function table(columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll"><table>
    <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
