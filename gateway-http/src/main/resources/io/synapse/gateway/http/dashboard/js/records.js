// Calls as lists and receipts show them.

import { h } from './dom.js';
import { amount, usage } from './format.js';
import { badge, copyable, when } from './ui.js';

const STATES = { settled: 'good', reserved: 'busy', released: '', expired: '' };
const WORDS = { settled: 'charged', reserved: 'running', released: 'not charged', expired: 'not charged' };

/** How a call ended. */
export const state = (record) => badge(WORDS[record.state] ?? record.state, STATES[record.state]);

export function recordColumns() {
  return [
    { head: 'Time', cell: (record) => when(record.created) },
    { head: 'Model', cell: (record) => h('span', null, record.model, ' ', record.test && badge('test', 'test')) },
    { head: 'Used', cell: (record) => h('span', { class: 'muted' }, usage(record.usage) || '—') },
    { head: 'Status', cell: state },
    { head: 'Credits', num: true, cell: (record) => amount(record.charged) },
    {
      head: 'Request',
      cell: (record) =>
        h(
          'span',
          { class: 'copyable' },
          h(
            'a',
            { href: receiptPath(record.request_id), title: record.request_id },
            h('code', null, shortId(record.request_id)),
          ),
        ),
    },
  ];
}

export const receiptPath = (id) => `/dashboard/requests/${encodeURIComponent(id)}`;

export const shortId = (id) => (id.length > 18 ? `${id.slice(0, 10)}…${id.slice(-5)}` : id);

export function openRecord(record, go) {
  go(receiptPath(record.request_id));
}

/** A request's id as a link to its receipt, with a button that copies it. */
export const requestLink = (id) =>
  id ? h('span', null, h('a', { href: receiptPath(id) }, copyable(id, shortId(id)))) : '—';
