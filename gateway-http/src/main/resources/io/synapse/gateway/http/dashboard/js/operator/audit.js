import { get } from '../api.js';
import { h } from '../dom.js';
import { pagedTable } from '../tables.js';
import { copyable, heading, when } from '../ui.js';

const SHOWN = 12;

export function render() {
  return [
    heading(
      'Audit log',
      'Who changed what, and from where. Each entry’s hash covers the one before, so that a change of the past would show.',
    ),
    pagedTable(
      (cursor) => get('/api/admin/audit', { cursor }),
      [
        { head: 'No.', cell: (event) => h('span', { class: 'muted' }, event.number) },
        { head: 'Time', cell: (event) => when(event.created) },
        { head: 'Action', cell: (event) => h('code', null, event.action) },
        { head: 'Who', cell: (event) => person(event.actor) },
        { head: 'Target', cell: (event) => person(event.target) },
        { head: 'Detail', cell: (event) => h('span', { class: 'muted small break' }, detail(event.detail)) },
        { head: 'From', cell: (event) => event.address ?? '—' },
        { head: 'Hash', cell: (event) => copyable(event.hash, event.hash.slice(0, 8)) },
      ],
    ),
  ];
}

const person = (id) =>
  id ? h('span', { title: id, class: 'nowrap' }, id.length > SHOWN + 4 ? `${id.slice(0, SHOWN)}…` : id) : '—';

function detail(value) {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'object'
    ? Object.entries(value)
        .map(([name, what]) => `${name} ${typeof what === 'object' ? JSON.stringify(what) : what}`)
        .join(', ')
    : String(value);
}
