// The same call in several languages; the language chosen once is chosen everywhere.

import { h, put } from './dom.js';
import { remember, remembered } from './storage.js';
import { codeText, copyButton } from './ui.js';

const NAMES = { curl: 'curl', javascript: 'JavaScript', python: 'Python', java: 'Java' };
const boxes = new Set();

const SLOT = 'synapse.language';

let language = Object.keys(NAMES).find((name) => name === remembered(SLOT)) ?? 'curl';

function choose(next) {
  language = next;
  remember(SLOT, next);
  boxes.forEach((show) => show());
}

/** Code with a tab for each language; `element.update(codes)` shows other code. */
export function codeTabs(codes) {
  const body = h('div', { role: 'tabpanel' });
  const tabs = Object.keys(NAMES).map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        onclick: () => choose(name),
        onkeydown: (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step) {
            const at = (Object.keys(NAMES).indexOf(language) + step + tabs.length) % tabs.length;
            choose(Object.keys(NAMES)[at]);
            tabs[at].focus();
          }
        },
      },
      NAMES[name],
    ),
  );
  const show = () => {
    if (!element.isConnected && element.dataset.placed) {
      boxes.delete(show);
      return;
    }
    tabs.forEach((tab, at) => {
      const chosen = Object.keys(NAMES)[at] === language;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
    put(body, codeText(codes[language] ?? '', NAMES[language]));
    element.dataset.placed = element.isConnected ? 'yes' : '';
  };
  const element = h(
    'div',
    { class: 'code-tabs' },
    h(
      'div',
      { class: 'code-head' },
      h('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Language' }, tabs),
      copyButton(() => codes[language], 'Copy code', true),
    ),
    body,
  );
  element.update = (other) => {
    codes = other;
    show();
  };
  boxes.add(show);
  show();
  return element;
}
