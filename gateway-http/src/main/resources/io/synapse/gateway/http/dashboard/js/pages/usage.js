import { catalog, get, withQuery } from '../api.js';
import { meter } from '../chart.js';
import { h, icon, put } from '../dom.js';
import { amount, count, counted, isoDay, micros, short, sum, usage } from '../format.js';
import { openRecord, recordColumns } from '../records.js';
import { pagedTable, table } from '../tables.js';
import { badge, empty, errorBox, heading, input, segments, select, skeleton } from '../ui.js';
import { dayChart } from './overview.js';

const DAY = 86_400_000;
const RANGES = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
  ['own', 'Own dates'],
];

export async function render({ query, note, go }) {
  const [models, keys, projects] = await Promise.all([
    catalog(),
    get('/api/account/keys'),
    get('/api/account/projects'),
  ]);
  const names = (list) => list.data.map((one) => [one.id, one.name || one.id]);
  const state = {
    range: query.get('range') ?? '30',
    from: query.get('from') ?? isoDay(Date.now() - 29 * DAY),
    to: query.get('to') ?? isoDay(Date.now()),
    model: query.get('model') ?? '',
    key: query.get('key') ?? '',
    project: query.get('project') ?? '',
    test: query.get('test') ?? 'false',
  };
  const results = h('div', { class: 'stack wide-gap' });
  const csv = h('a', { class: 'button', download: '' }, icon('download'), 'CSV');
  const dates = h('span', { class: 'dates' });
  const change = (name) => (event) => set(name, event.target.value);
  function set(name, value) {
    state[name] = value;
    if (name === 'range' && value !== 'own') {
      state.to = isoDay(Date.now());
      state.from = isoDay(Date.now() - (Number(value) - 1) * DAY);
    }
    load();
  }
  function showDates() {
    put(
      dates,
      state.range === 'own' &&
        ['from', 'to'].map((name) =>
          input(name, { type: 'date', value: state[name], 'aria-label': name, onchange: change(name) }),
        ),
    );
  }
  async function load() {
    showDates();
    const { range, ...filter } = state;
    note(new URLSearchParams({ ...filter, range }));
    csv.href = withQuery('/api/account/usage', { ...filter, format: 'csv' });
    put(results, h('div', { class: 'card' }, skeleton()));
    try {
      const [byDay, byModel, byKey, byProject] = await Promise.all(
        ['day', 'model', 'key', 'project'].map((group) => get('/api/account/usage', { ...filter, group, limit: 1000 })),
      );
      put(results, ...show(byDay.data, { model: byModel.data, key: byKey.data, project: byProject.data }, filter, go));
    } catch (error) {
      put(results, errorBox(error, load));
    }
  }
  load();
  return [
    heading('Usage', 'What was called, and what it cost. Failed calls cost nothing.', csv),
    h(
      'div',
      { class: 'filters' },
      segments(
        'Which calls',
        [
          ['false', 'Live'],
          ['true', 'Test'],
        ],
        state.test,
        (value) => set('test', value),
      ),
      select('range', RANGES, state.range, { 'aria-label': 'Time', onchange: change('range') }),
      dates,
      select('model', [['', 'All models'], ...models.map((model) => [model.id, model.id])], state.model, {
        'aria-label': 'Model',
        onchange: change('model'),
      }),
      select('key', [['', 'All keys'], ...names(keys)], state.key, { 'aria-label': 'Key', onchange: change('key') }),
      select('project', [['', 'All projects'], ...names(projects)], state.project, {
        'aria-label': 'Project',
        onchange: change('project'),
      }),
    ),
    results,
  ];
}

function show(rows, groups, filter, go) {
  const none = empty(
    'chart',
    'No calls in this time',
    filter.test === 'true'
      ? 'Choose other filters, or make a call in the playground.'
      : 'Choose other filters, or make a call in the playground. Calls with test keys stand under “Test”.',
    h('a', { class: 'button primary', href: '/dashboard/playground' }, 'Open the playground'),
  );
  if (rows.length === 0) {
    return [h('div', { class: 'card' }, none)];
  }
  const total = sum(rows.map((row) => row.charged));
  const box = h('div');
  const choose = (by) =>
    put(
      box,
      table(
        groupColumns(by, total),
        [...groups[by]].sort((a, b) => (micros(b.charged) > micros(a.charged) ? 1 : -1)),
      ),
    );
  choose('model');
  return [
    h(
      'section',
      { class: 'card' },
      h(
        'div',
        { class: 'card-head' },
        h('h2', null, 'Credits by day (UTC)'),
        h(
          'p',
          { class: 'muted', title: total },
          `${short(total)} credits, ${counted(
            rows.reduce((all, row) => all + row.requests, 0),
            'request',
          )}, ${count(rows.reduce((all, row) => all + row.failed, 0))} failed`,
        ),
      ),
      dayChart(rows, filter.from, filter.to),
    ),
    h(
      'section',
      { class: 'card flush' },
      h(
        'div',
        { class: 'card-head pad' },
        h('h2', null, 'Added up'),
        segments(
          'By',
          [
            ['model', 'Model'],
            ['key', 'Key'],
            ['project', 'Project'],
          ],
          'model',
          choose,
        ),
      ),
      box,
    ),
    h(
      'section',
      null,
      h('h2', null, 'Requests'),
      pagedTable((cursor) => get('/api/account/usage', { ...filter, cursor }), recordColumns(), {
        onRow: (record) => openRecord(record, go),
        none,
      }),
    ),
  ];
}

function groupColumns(by, total) {
  const all = Number(total) || 1;
  return [
    {
      head: by[0].toUpperCase() + by.slice(1),
      cell: (row) => h('span', null, row[`${by}_name`] || row[by], ' ', row.test && badge('test', 'test')),
    },
    { head: 'Share', cell: (row) => meter(Number(row.charged) / all) },
    { head: 'Used', cell: (row) => h('span', { class: 'muted' }, usage(row.usage) || '—') },
    { head: 'Requests', num: true, cell: (row) => count(row.requests) },
    { head: 'Failed', num: true, cell: (row) => count(row.failed) },
    { head: 'Credits', num: true, cell: (row) => amount(row.charged) },
  ];
}
