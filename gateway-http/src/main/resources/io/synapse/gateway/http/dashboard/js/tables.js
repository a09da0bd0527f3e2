// Tables, and lists that are fetched page by page.

import { h, put } from './dom.js';
import { empty, errorBox, skeleton } from './ui.js';

/**
 * A table; on a phone each row becomes a card. A column is { head, cell(row), num? }; one without a head holds buttons.
 */
export function table(columns, rows, onRow) {
  const body = h(
    'tbody',
    null,
    rows.map((row) => rowOf(columns, row, onRow)),
  );
  return h(
    'div',
    { class: 'table-wrap' },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((column) =>
            column.head ? h('th', { class: column.num ? 'num' : '', scope: 'col' }, column.head) : h('td'),
          ),
        ),
      ),
      body,
    ),
  );
}

function rowOf(columns, row, onRow) {
  const line = h(
    'tr',
    onRow && {
      class: 'can-open',
      tabindex: 0,
      onclick: (event) => event.target.closest('a, button, input') || onRow(row),
      onkeydown: (event) => event.key === 'Enter' && event.target === line && onRow(row),
    },
    columns.map((column) =>
      h(
        'td',
        { class: column.num ? 'num' : column.head ? '' : 'does', 'data-label': column.head || null },
        column.cell(row),
      ),
    ),
  );
  return line;
}

/** A list that is fetched by the page: `load(cursor)` answers { data, next }. */
export function pagedTable(load, columns, { onRow, none } = {}) {
  const box = h('div', { class: 'card flush' }, skeleton());
  let body = null;
  const more = h('button', { type: 'button' }, 'Load more');
  const foot = h('div', { class: 'table-foot' }, more);
  async function fetchPage(cursor) {
    more.disabled = true;
    try {
      const page = await load(cursor);
      if (!body) {
        if (page.data.length === 0) {
          put(box, none ?? empty('search', 'Nothing here', 'Nothing matches these filters.'));
          return;
        }
        const shown = table(columns, [], onRow);
        body = shown.querySelector('tbody');
        put(box, shown, foot);
      }
      body.append(...page.data.map((row) => rowOf(columns, row, onRow)));
      foot.hidden = !page.next;
      more.onclick = () => fetchPage(page.next);
    } catch (error) {
      const again = errorBox(error, () => {
        again.remove();
        fetchPage(cursor);
      });
      body ? foot.before(again) : put(box, again);
    } finally {
      more.disabled = false;
    }
  }
  fetchPage();
  return box;
}
