import { get, patch } from '../api.js';
import { h, put } from '../dom.js';
import { count, MODALITIES } from '../format.js';
import { table } from '../tables.js';
import { badge, empty, heading, input, select, toast } from '../ui.js';

export async function render() {
  const models = (await get('/api/admin/models')).data;
  const box = h('div', { class: 'card flush' });
  const filter = { search: '', modality: '', state: '' };
  const total = h('p', { class: 'muted small', role: 'status' });
  const show = () => {
    const found = models.filter(
      (model) =>
        model.id.toLowerCase().includes(filter.search.toLowerCase()) &&
        (!filter.modality || model.modality === filter.modality) &&
        (!filter.state || String(model.enabled) === filter.state),
    );
    put(total, `${count(found.length)} of ${count(models.length)} models`);
    put(
      box,
      found.length
        ? table(columns(), found)
        : empty('cube', 'No model matches', 'Clear a filter or search for another name.'),
    );
  };
  const change = (name) => (event) => {
    filter[name] = event.target.value;
    show();
  };
  show();
  return [
    heading(
      'Models on offer',
      'A model that is off is unknown to callers, on every node. Prices and routes stand in the catalog file.',
    ),
    h(
      'div',
      { class: 'filters' },
      input('search', {
        type: 'search',
        placeholder: 'Search models  /',
        'aria-label': 'Search models',
        oninput: change('search'),
      }),
      select('modality', [['', 'All modalities'], ...Object.entries(MODALITIES)], '', {
        'aria-label': 'Modality',
        onchange: change('modality'),
      }),
      select(
        'state',
        [
          ['', 'On and off'],
          ['true', 'On'],
          ['false', 'Off'],
        ],
        '',
        { 'aria-label': 'State', onchange: change('state') },
      ),
      total,
    ),
    box,
  ];
}

function columns() {
  return [
    { head: 'Model', cell: (model) => h('code', null, model.id) },
    { head: 'Modality', cell: (model) => MODALITIES[model.modality] },
    { head: 'Providers', cell: (model) => model.providers.join(', ') },
    { head: 'Credentials', cell: (model) => (model.configured ? badge('configured', 'good') : badge('none')) },
    { head: 'On offer', cell: toggle },
  ];
}

function toggle(model) {
  const box = h('input', {
    type: 'checkbox',
    role: 'switch',
    class: 'switch',
    checked: model.enabled,
    'aria-label': `${model.id} on offer`,
  });
  box.addEventListener('change', async () => {
    box.disabled = true;
    try {
      Object.assign(model, await patch('/api/admin/models', { id: model.id, enabled: box.checked }));
      toast(`${model.id} is ${model.enabled ? 'on' : 'off'}`);
    } catch (error) {
      toast(error.message, 'bad');
    } finally {
      box.checked = model.enabled;
      box.disabled = false;
    }
  });
  return box;
}
