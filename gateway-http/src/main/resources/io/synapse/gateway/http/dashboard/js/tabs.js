// The same call in several languages; the language chosen once is chosen everywhere.

import { h, put } from './dom.js';
import { codeBox } from './ui.js';

const NAMES = { curl: 'curl', javascript: 'JavaScript', python: 'Python', java: 'Java' };
const boxes = new Set();

function remembered() {
  try {
    return localStorage.getItem('synapse.language') ?? 'curl';
  } catch {
    return 'curl';
  }
}

let language = remembered();

function choose(next) {
  language = next;
  try {
    localStorage.setItem('synapse.language', next);
  } catch {
    // Forgotten with the page, then.
  }
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
    put(body, codeBox(codes[language], NAMES[language]));
    element.dataset.placed = element.isConnected ? 'yes' : '';
  };
  const element = h(
    'div',
    { class: 'code-tabs' },
    h('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Language' }, tabs),
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
