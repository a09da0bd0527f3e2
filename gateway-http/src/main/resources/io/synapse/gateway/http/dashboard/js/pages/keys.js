import { get, post, remove } from '../api.js';
import { h, icon, put } from '../dom.js';
import { count } from '../format.js';
import { table } from '../tables.js';
import {
  badge,
  codeBox,
  confirm,
  copyButton,
  dialog,
  empty,
  errorBox,
  field,
  form,
  heading,
  input,
  select,
  toast,
  when,
} from '../ui.js';

const DAY = 86_400_000;
const EXPIRIES = [
  ['', 'Never'],
  ['7', 'In 7 days'],
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
];

export async function render({ query, note }) {
  const box = h('div', { class: 'card flush' });
  const revoked = h('details', { class: 'card flush' });
  let projects = [];
  async function load() {
    try {
      const [keys, all] = await Promise.all([get('/api/account/keys'), get('/api/account/projects')]);
      projects = all.data;
      const live = keys.data.filter((key) => !key.revoked_at);
      const gone = keys.data.filter((key) => key.revoked_at);
      put(
        box,
        live.length
          ? table(columns(projects, load), live)
          : empty(
              'key',
              'No API keys yet',
              'A test key is the quickest way in: it costs nothing and reaches every model through the sandbox.',
              h('button', { class: 'primary', type: 'button', onclick: () => create(projects, load) }, 'Create a key'),
            ),
      );
      revoked.hidden = gone.length === 0;
      put(
        revoked,
        h('summary', { class: 'pad' }, `Revoked keys (${count(gone.length)})`),
        table(columns(projects), gone),
      );
    } catch (error) {
      put(box, errorBox(error, load));
    }
  }
  await load();
  if (query.has('new')) {
    note(new URLSearchParams());
    setTimeout(() => create(projects, load));
  }
  return [
    heading(
      'API keys',
      'Keep them on your server: whoever has a key spends your credits.',
      h(
        'button',
        { class: 'primary', type: 'button', onclick: () => create(projects, load) },
        icon('plus'),
        'Create a key',
      ),
    ),
    box,
    revoked,
  ];
}

function columns(projects, load) {
  const project = (id) => projects.find((one) => one.id === id)?.name ?? '—';
  return [
    { head: 'Name', cell: (key) => h('span', null, key.name, ' ', key.test && badge('test', 'test')) },
    { head: 'Key', cell: (key) => h('code', null, `${key.prefix}…${key.last4}`) },
    { head: 'Project', cell: (key) => project(key.project_id) },
    {
      head: 'Limit',
      cell: (key) => (key.requests_per_minute ? `${count(key.requests_per_minute)}/min` : 'default'),
    },
    { head: 'Created', cell: (key) => when(key.created) },
    { head: load ? 'Expires' : 'Revoked', cell: (key) => (load ? expiry(key) : when(key.revoked_at)) },
    ...(load
      ? [
          {
            head: '',
            cell: (key) =>
              h(
                'button',
                {
                  type: 'button',
                  class: 'quiet-danger',
                  'aria-label': `Revoke ${key.name}`,
                  onclick: () => revoke(key, load),
                },
                'Revoke',
              ),
          },
        ]
      : []),
  ];
}

function expiry(key) {
  if (!key.expires_at) {
    return 'never';
  }
  return new Date(key.expires_at) < new Date() ? badge('expired', 'bad') : when(key.expires_at);
}

function revoke(key, load) {
  confirm(
    `Revoke “${key.name}”?`,
    `Calls with ${key.prefix}…${key.last4} will be refused at once. This cannot be undone.`,
    'Revoke key',
    async () => {
      await remove(`/api/account/keys/${encodeURIComponent(key.id)}`);
      toast('Key revoked');
      await load();
    },
  );
}

function create(projects, load) {
  dialog('Create an API key', (close) =>
    form(
      async (values) => {
        const days = values.get('expires_at');
        const made = await post('/api/account/keys', {
          name: values.get('name'),
          test: values.get('kind') === 'test',
          project_id: values.get('project_id') || undefined,
          expires_at: days ? new Date(Date.now() + Number(days) * DAY).toISOString() : undefined,
          requests_per_minute: values.get('requests_per_minute')
            ? Number(values.get('requests_per_minute'))
            : undefined,
        });
        close();
        reveal(made);
        await load();
      },
      [
        field('Name', input('name', { required: true, maxlength: 200, placeholder: 'My server' }), 'Only you see it.'),
        h(
          'fieldset',
          null,
          h('legend', null, 'Kind'),
          h(
            'label',
            { class: 'choice' },
            h('input', { type: 'radio', name: 'kind', value: 'test', checked: true }),
            h('span', null, h('strong', null, 'Test'), ' — the sandbox answers, test credits pay'),
          ),
          h(
            'label',
            { class: 'choice' },
            h('input', { type: 'radio', name: 'kind', value: 'live' }),
            h('span', null, h('strong', null, 'Live'), ' — models answer, credits pay'),
          ),
        ),
        field(
          'Project',
          select(
            'project_id',
            projects.map((one) => [one.id, one.name]),
          ),
          'Its spend cap and its models apply.',
        ),
        field('Expires', select('expires_at', EXPIRIES)),
        field(
          'Requests per minute',
          input('requests_per_minute', {
            type: 'number',
            min: 1,
            max: 1_000_000,
            inputmode: 'numeric',
            placeholder: 'Default',
          }),
        ),
      ],
      'Create key',
      { cancel: h('button', { type: 'button', onclick: close }, 'Cancel') },
    ),
  );
}

/** The only time that a key is shown. */
function reveal(made) {
  dialog(
    'Save your key',
    (close) => [
      h('p', null, 'This is the only time it is shown. Copy it now and keep it where your server keeps its secrets.'),
      h('div', { class: 'secret' }, h('code', { 'data-secret': '' }, made.key), copyButton(made.key, 'Copy key')),
      h('p', { class: 'muted' }, 'Try it:'),
      codeBox(
        `export MMG_API_KEY=${made.key}\ncurl ${location.origin}/api/v1/chat/completions \\\n  -H "Authorization: Bearer $MMG_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"messages":[{"role":"user","content":"Hello!"}]}'`,
      ),
      h(
        'div',
        { class: 'actions' },
        h('button', { type: 'button', class: 'primary', onclick: close }, 'I have saved it'),
      ),
    ],
    { wide: true },
  );
}
