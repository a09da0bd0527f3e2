import { get, withQuery } from '../api.js';
import { h, icon, put } from '../dom.js';
import { amount } from '../format.js';
import { receiptPath, shortId } from '../records.js';
import { pagedTable } from '../tables.js';
import { badge, empty, heading, segments, when } from '../ui.js';

const KINDS = { deposit: 'good', reserve: 'busy' };

export function render({ query, note }) {
  const box = h('div');
  const csv = h('a', { class: 'button', download: '' }, icon('download'), 'CSV');
  const show = (test) => {
    note(new URLSearchParams({ test: test === 'true' ? 'true' : '' }));
    csv.href = withQuery('/api/account/ledger', { test, format: 'csv' });
    put(
      box,
      pagedTable((cursor) => get('/api/account/ledger', { test, cursor }), columns(), {
        none: empty(
          'ledger',
          'No entries yet',
          'Deposits, reservations and charges stand here, each with the balance after it.',
          h('a', { class: 'button primary', href: '/dashboard/credits' }, 'Top up'),
        ),
      }),
    );
  };
  const chosen = query.get('test') === 'true' ? 'true' : 'false';
  show(chosen);
  return [
    heading(
      'Ledger',
      'Every change of your balance. A call first reserves its worst cost, then settles what it used; the amounts add up to the balance.',
      csv,
    ),
    h(
      'div',
      { class: 'filters' },
      segments(
        'Which balance',
        [
          ['false', 'Live'],
          ['true', 'Test'],
        ],
        chosen,
        show,
      ),
    ),
    box,
  ];
}

const signed = (value) =>
  value === '0' ? '0' : value.startsWith('-') ? `−${amount(value.slice(1))}` : `+${amount(value)}`;

function columns() {
  return [
    { head: 'No.', cell: (entry) => h('span', { class: 'muted' }, entry.number) },
    { head: 'Time', cell: (entry) => when(entry.created) },
    { head: 'Entry', cell: (entry) => badge(entry.kind, KINDS[entry.kind] ?? '') },
    {
      head: 'For',
      cell: (entry) =>
        entry.request_id
          ? h(
              'span',
              null,
              entry.model,
              ' ',
              h(
                'a',
                { href: receiptPath(entry.request_id), title: entry.request_id },
                h('code', null, shortId(entry.request_id)),
              ),
            )
          : (entry.reference ?? '—'),
    },
    {
      head: 'Amount',
      num: true,
      cell: (entry) =>
        h('span', { class: entry.amount.startsWith('-') || entry.amount === '0' ? '' : 'plus' }, signed(entry.amount)),
    },
    { head: 'Held', num: true, cell: (entry) => amount(entry.held) },
    { head: 'Balance', num: true, cell: (entry) => amount(entry.balance) },
  ];
}
