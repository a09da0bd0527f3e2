import { get } from '../api.js';
import { h } from '../dom.js';
import { count, MODALITIES } from '../format.js';
import { table } from '../tables.js';
import { badge, heading } from '../ui.js';

export async function render() {
  const providers = (await get('/api/admin/providers')).data.sort(
    (a, b) => Number(b.configured) - Number(a.configured),
  );
  return [
    heading(
      'Providers',
      'A provider is configured by its credentials in the server’s settings. They are never shown here.',
    ),
    h(
      'div',
      { class: 'card flush' },
      table(
        [
          {
            head: 'Provider',
            cell: (provider) => [h('strong', null, provider.id), provider.plugin && [' ', badge('plugin')]],
          },
          {
            head: 'State',
            cell: (provider) => (provider.configured ? badge('configured', 'good') : badge('no credentials')),
          },
          { head: 'Models', num: true, cell: (provider) => count(provider.models) },
          { head: 'Does', cell: (provider) => provider.modalities.map((name) => MODALITIES[name]).join(', ') },
        ],
        providers,
      ),
    ),
  ];
}
