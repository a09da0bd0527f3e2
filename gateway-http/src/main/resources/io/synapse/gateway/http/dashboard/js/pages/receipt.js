import { get } from '../api.js';
import { h } from '../dom.js';
import { amount, count, credits, micros, sum } from '../format.js';
import { state } from '../records.js';
import { table } from '../tables.js';
import { badge, copyable, heading, when } from '../ui.js';

const SOURCES = {
  provider: 'as the provider reported it',
  measured: 'as the gateway measured it',
  estimated: 'as the gateway estimated it',
};

export async function render({ params }) {
  const receipt = await get(`/api/account/usage/${encodeURIComponent(params.id)}`);
  const lines = receipt.lines;
  return [
    heading(
      'Receipt',
      'What one request used, and what that cost.',
      h('a', { class: 'button', href: '/dashboard/usage' }, 'All usage'),
    ),
    h(
      'section',
      { class: 'card' },
      h(
        'dl',
        { class: 'facts' },
        fact('Request', copyable(receipt.request_id)),
        fact('Status', state(receipt), ' ', receipt.test && badge('test', 'test')),
        fact('Model', receipt.model),
        fact('Provider', receipt.provider ?? '—'),
        fact('Key', receipt.key_name ?? receipt.key),
        fact('Project', receipt.project_name ?? receipt.project),
        fact('Started', when(receipt.created)),
        fact('Closed', when(receipt.closed)),
        fact('Reserved first', credits(receipt.reserved)),
        fact('Usage', receipt.usage_source ? (SOURCES[receipt.usage_source] ?? receipt.usage_source) : 'none'),
      ),
    ),
    h(
      'section',
      { class: 'card flush' },
      lines.length
        ? [
            table(columns(), lines),
            h('div', { class: 'total' }, h('span', null, 'Charged'), h('strong', null, credits(receipt.charged))),
            rest(receipt, lines),
          ]
        : h(
            'div',
            { class: 'total' },
            h(
              'span',
              null,
              receipt.state === 'reserved' ? 'Still running: nothing is charged yet' : 'Nothing was charged',
            ),
            h('strong', null, credits(receipt.charged)),
          ),
    ),
  ];
}

const fact = (name, ...value) => [h('dt', null, name), h('dd', null, value)];

function columns() {
  return [
    { head: 'Unit', cell: (line) => (line.unit === 'milliseconds' ? 'seconds' : line.unit.replaceAll('_', ' ')) },
    {
      head: 'Quantity',
      num: true,
      cell: (line) => (line.unit === 'milliseconds' ? count(line.quantity / 1000) : count(line.quantity)),
    },
    { head: 'Rate', num: true, cell: rate },
    { head: 'Amount', num: true, cell: (line) => amount(line.amount) },
  ];
}

/** Rates come in credits per million units; people read them as price lists write them. */
function rate(line) {
  if (line.unit.endsWith('_tokens')) {
    return `${amount(line.rate)} per 1M`;
  }
  const [shift, word] = line.unit === 'milliseconds' ? [3, 'second'] : [6, line.unit.replace(/s$/, '')];
  const digits = micros(line.rate).toString().padStart(13, '0');
  const at = digits.length - 6 - shift;
  return `${amount(`${BigInt(digits.slice(0, at))}.${digits.slice(at)}`.replace(/\.?0+$/, ''))} per ${word}`;
}

/** Where lines were rounded up together, the difference is told. */
function rest(receipt, lines) {
  return (
    sum(lines.map((line) => line.amount)) !== receipt.charged &&
    h(
      'p',
      { class: 'hint pad' },
      `The lines come to ${sum(lines.map((line) => line.amount))}; the charge was bounded by what had been reserved.`,
    )
  );
}
