import { get } from '../api.js';
import { bars } from '../chart.js';
import { h, put } from '../dom.js';
import { count, counted, credits, day, days, isoDay, short, sum } from '../format.js';
import { recordColumns, openRecord } from '../records.js';
import { table } from '../tables.js';
import { copyable, empty, heading, segments } from '../ui.js';

const DAYS = 30;

export async function render({ me, go }) {
  const from = isoDay(Date.now() - (DAYS - 1) * 86_400_000);
  const to = isoDay(Date.now());
  const [totals, recent, keys] = await Promise.all([
    get('/api/account/usage', { group: 'day', from, to, limit: 1000 }),
    get('/api/account/usage', { limit: 8 }),
    get('/api/account/keys'),
  ]);
  const live = keys.data.filter((key) => !key.revoked_at);
  const chart = h('div');
  const figures = h('div', { class: 'stats' });
  const show = (test) => {
    const rows = totals.data.filter((row) => row.test === test);
    put(
      figures,
      stat('Balance', short(me.credits), 'credits', h('a', { href: '/dashboard/credits' }, 'Top up')),
      stat('Test balance', short(me.test_credits), 'credits', h('a', { href: '/dashboard/credits' }, 'Refill')),
      stat(
        `Spent, ${DAYS} days`,
        short(sum(rows.map((row) => row.charged))),
        'credits',
        test ? 'test calls' : 'live calls',
      ),
      stat(
        'Requests',
        count(rows.reduce((all, row) => all + row.requests, 0)),
        '',
        `${count(rows.reduce((all, row) => all + row.failed, 0))} failed, not charged`,
      ),
    );
    put(chart, dayChart(rows, from, to));
  };
  const isTest = totals.data.length > 0 && totals.data.every((row) => row.test);
  show(isTest);
  return [
    heading(
      'Overview',
      null,
      h('a', { class: 'button', href: '/docs' }, 'Quick start'),
      h('a', { class: 'button primary', href: '/dashboard/playground' }, 'Open the playground'),
    ),
    live.length === 0 &&
      empty(
        'key',
        'Create your first API key',
        'A test key costs nothing and reaches every model through the sandbox; a live key spends credits.',
        h('a', { class: 'button primary', href: '/dashboard/keys?new' }, 'Create a key'),
      ),
    figures,
    h(
      'section',
      { class: 'card' },
      h(
        'div',
        { class: 'card-head' },
        h('h2', null, 'Spend over time'),
        segments(
          'Which calls',
          [
            [false, 'Live'],
            [true, 'Test'],
          ],
          isTest,
          show,
        ),
      ),
      chart,
    ),
    h(
      'section',
      null,
      h(
        'div',
        { class: 'card-head' },
        h('h2', null, 'Recent requests'),
        h('a', { href: '/dashboard/usage' }, 'All usage'),
      ),
      h(
        'div',
        { class: 'card flush' },
        recent.data.length
          ? table(recordColumns(), recent.data, (record) => openRecord(record, go))
          : empty(
              'play',
              'No requests yet',
              'Try a model in the playground, or send one with curl: the documentation has it ready to paste.',
              h('a', { class: 'button', href: '/dashboard/playground' }, 'Playground'),
              h('a', { class: 'button', href: '/docs' }, 'Documentation'),
            ),
      ),
    ),
    h(
      'section',
      { class: 'card' },
      h('h2', null, 'Base URL'),
      h('p', { class: 'muted' }, 'Point any OpenAI client here.'),
      copyable(`${location.origin}/api/v1`),
    ),
  ].filter(Boolean);
}

function stat(name, value, unit, note) {
  return h(
    'div',
    { class: 'card stat' },
    h('p', { class: 'muted small' }, name),
    h('p', { class: 'figure' }, value, unit && h('span', { class: 'unit' }, ` ${unit}`)),
    h('p', { class: 'muted small' }, note),
  );
}

/** Spend by day; days without calls stand as zero. */
export function dayChart(rows, from, to) {
  const known = new Map(rows.map((row) => [row.day, row]));
  const points = days(from, to).map((name) => {
    const row = known.get(name);
    return {
      label: day(name),
      value: Number(row?.charged ?? 0),
      text: `${day(name)}: ${credits(row?.charged ?? '0')}, ${counted(row?.requests ?? 0, 'request')}`,
    };
  });
  return bars(points, {
    name: `Credits spent by day, ${day(from)} to ${day(to)}`,
    unit: 'credits',
    none: 'Nothing was spent in this time',
  });
}
