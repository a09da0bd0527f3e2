import { catalog } from '../api.js';
import { h, put } from '../dom.js';
import { count, MODALITIES, price, priceParts, amount } from '../format.js';
import { table } from '../tables.js';
import { badge, copyable, dialog, empty, heading, input, select } from '../ui.js';
import { PLAY } from '../play/kinds.js';

export async function render({ query, note, me }) {
  const models = await catalog();
  const box = h('div', { class: 'card flush' });
  const total = h('p', { class: 'muted small', role: 'status' });
  const filter = {
    search: query.get('search') ?? '',
    modality: query.get('modality') ?? '',
    provider: query.get('provider') ?? '',
    available: query.get('available') ?? '',
  };
  const show = () => {
    note(new URLSearchParams(filter));
    const words = filter.search.toLowerCase();
    const found = models.filter(
      (model) =>
        (!filter.modality || model.modality === filter.modality) &&
        (!filter.provider || model.provider === filter.provider) &&
        (!filter.available || model.available) &&
        [model.id, model.owned_by, ...model.aliases].some((name) => name.toLowerCase().includes(words)),
    );
    put(total, `${count(found.length)} of ${count(models.length)} models`);
    put(
      box,
      found.length
        ? table(columns(), found, (model) => open(model, me))
        : empty('cube', 'No model matches', 'Clear a filter or search for another name.'),
    );
  };
  const change = (name) => (event) => {
    filter[name] = event.target.value;
    show();
  };
  show();
  const providers = [...new Set(models.map((model) => model.provider))].sort();
  return [
    heading(
      'Models',
      'Use any of these names as “model”. Prices are in credits; 1,000 credits are 1 USD unless your operator says otherwise.',
    ),
    h(
      'div',
      { class: 'filters' },
      input('search', {
        type: 'search',
        placeholder: 'Search models  /',
        'aria-label': 'Search models',
        value: filter.search,
        oninput: change('search'),
      }),
      select('modality', [['', 'All modalities'], ...Object.entries(MODALITIES)], filter.modality, {
        'aria-label': 'Modality',
        onchange: change('modality'),
      }),
      select('provider', [['', 'All providers'], ...providers], filter.provider, {
        'aria-label': 'Provider',
        onchange: change('provider'),
      }),
      select(
        'available',
        [
          ['', 'Live or test'],
          ['yes', 'Live now'],
        ],
        filter.available,
        { 'aria-label': 'Availability', onchange: change('available') },
      ),
      total,
    ),
    box,
  ];
}

function columns() {
  return [
    {
      head: 'Model',
      cell: (model) =>
        h(
          'div',
          null,
          copyable(model.id),
          model.served_by && h('div', { class: 'muted small' }, `served by ${model.served_by}`),
        ),
    },
    { head: 'Modality', cell: (model) => h('span', { class: 'nowrap' }, MODALITIES[model.modality]) },
    { head: 'Provider', cell: (model) => model.provider },
    { head: 'Context', num: true, cell: (model) => (model.context_window ? count(model.context_window) : '—') },
    { head: 'Price in credits', num: true, cell: priceCell },
    { head: 'Status', cell: (model) => (model.available ? badge('live', 'good') : badge('test only')) },
  ];
}

/** What is counted stands below what it costs. */
function priceCell(model) {
  const [cost, per] = price(model.pricing).split(' per ');
  return h('div', null, cost, per && h('div', { class: 'muted small' }, `per ${per}`));
}

function open(model, me) {
  const fact = (name, value) => value && [h('dt', null, name), h('dd', null, value)];
  const limits = Object.entries(model.limits)
    .map(([name, value]) => `${name.replace(/^max_/, 'at most ').replaceAll('_', ' ')}: ${count(value)}`)
    .join(', ');
  dialog(
    model.id,
    (close) => [
      h(
        'dl',
        { class: 'facts' },
        fact('Name', copyable(model.id)),
        fact('Other names', model.aliases.join(', ')),
        fact('Modality', MODALITIES[model.modality]),
        fact('Made by', model.owned_by),
        fact('Provider', model.provider),
        fact(
          'Status',
          model.available ? 'Live' : 'Answers test keys only: its provider has no credentials on this deployment',
        ),
        fact('Context window', model.context_window && `${count(model.context_window)} tokens`),
        fact('Limits', limits),
        fact('Served by', model.served_by),
        fact('Retired on', model.retired_on),
      ),
      h('h3', null, 'Price in credits'),
      table(
        [
          { head: 'What', cell: ([name]) => name },
          { head: 'Credits', num: true, cell: ([, value, per]) => `${value} per ${per}` },
        ],
        [...priceParts(model.pricing), ...variants(model)],
      ),
      h(
        'div',
        { class: 'actions' },
        me &&
          h(
            'a',
            {
              class: 'button primary',
              href: `/dashboard/playground/${PLAY[model.modality]}?model=${encodeURIComponent(model.id)}`,
              onclick: close,
            },
            'Try it',
          ),
        h('a', { class: 'button', href: `/docs#${PLAY[model.modality]}`, onclick: close }, 'Documentation'),
      ),
    ],
    { wide: true },
  );
}

function variants(model) {
  return (model.pricing.variants ?? []).map((one) => [
    [one.quality, one.sizes?.join(', '), one.above_pixels && `more than ${one.above_pixels} pixels`]
      .filter(Boolean)
      .join(' · ') || 'other',
    amount(one.output ?? one.input ?? one.request),
    model.pricing.unit.replace(/s$/, ''),
  ]);
}
