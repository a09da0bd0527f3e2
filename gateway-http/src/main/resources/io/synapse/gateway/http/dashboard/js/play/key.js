// The key that the playground calls with. It stays in this tab, and goes nowhere but to this server's API.

import { post } from '../api.js';
import { h, icon, put } from '../dom.js';
import { badge, dialog, field, form, input, toast } from '../ui.js';

const SLOT = 'synapse.playground.key';
const DAY = 86_400_000;
const SHOWN = 4;

export const currentKey = () => sessionStorage.getItem(SLOT);

const listeners = new Set();

export const isTestKey = () => /^m+g_test_/.test(currentKey() ?? '');

/** Has something shown anew whenever another key is used; forgotten when the playground is opened anew. */
export function whenKeyChanges(show) {
  listeners.add(show);
}

function use(key) {
  if (key) {
    sessionStorage.setItem(SLOT, key);
  } else {
    sessionStorage.removeItem(SLOT);
  }
  listeners.forEach((show) => show());
}

/** Makes a test key that expires by itself, and uses it. */
async function create(event) {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    const made = await post('/api/account/keys', {
      name: 'Playground',
      test: true,
      expires_at: new Date(Date.now() + DAY).toISOString(),
    });
    use(made.key);
    toast('Test key created. It expires in a day and costs nothing.');
  } catch (error) {
    toast(error.message, 'bad');
    button.disabled = false;
  }
}

function paste() {
  dialog('Use a key', (close) =>
    form(
      async (values) => {
        const key = values.get('key').trim();
        if (!/^m+g_(live|test)_\S+$/.test(key)) {
          throw Object.assign(new Error('A key begins with mmg_live_, mmg_test_, mg_live_ or mg_test_.'), {
            param: 'key',
          });
        }
        use(key);
        close();
      },
      field(
        'API key',
        input('key', { type: 'password', required: true, spellcheck: 'false', class: 'mono' }),
        'Kept in this tab until you close it or sign out. A live key spends credits.',
      ),
      'Use this key',
      { cancel: h('button', { type: 'button', onclick: close }, 'Cancel') },
    ),
  );
}

/** Which key is used, and buttons to use another. */
export function keyBar() {
  const bar = h('div', { class: 'key-bar', id: 'key-bar' });
  const show = () => {
    const key = currentKey();
    const isTest = isTestKey();
    put(
      bar,
      icon('key'),
      key
        ? [
            h('code', null, `${key.slice(0, key.indexOf('_', 4) + 1)}…${key.slice(-SHOWN)}`),
            badge(isTest ? 'test' : 'live: spends credits', isTest ? 'test' : 'busy'),
            h('span', { class: 'grow' }),
            h('button', { type: 'button', onclick: paste }, 'Use another'),
            h('button', { type: 'button', onclick: () => use(null) }, 'Forget'),
          ]
        : [
            h('span', { class: 'grow' }, 'The playground calls the API with a key, as your program would.'),
            h('button', { type: 'button', class: 'primary', onclick: create }, 'Create a test key'),
            h('button', { type: 'button', onclick: paste }, 'Paste a key'),
          ],
    );
  };
  listeners.clear();
  whenKeyChanges(show);
  show();
  return bar;
}

/** Points out that a key is needed first. */
export function askForKey() {
  const bar = document.getElementById('key-bar');
  bar?.classList.add('wanted');
  bar?.querySelector('button')?.focus();
  setTimeout(() => bar?.classList.remove('wanted'), 1500);
}
