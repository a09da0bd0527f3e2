// What stands around every page: the side bar, the top bar, the balance, the theme, and the keyboard.

import { post, session, signedIn } from './api.js';
import { h, icon, put } from './dom.js';
import { amount, short } from './format.js';
import { MENU, OPERATOR_MENU } from './routes.js';
import { remember } from './storage.js';
import { dialog, toast } from './ui.js';

const THEMES = ['auto', 'light', 'dark'];
const THEME_ICONS = { auto: 'auto', light: 'sun', dark: 'moon' };

function theme() {
  return document.documentElement.dataset.theme ?? 'auto';
}

function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button' });
  const face = () => {
    put(button, icon(THEME_ICONS[theme()]));
    button.setAttribute('aria-label', `Theme: ${theme()}. Change it`);
    button.title = `Theme: ${theme()}`;
  };
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
    if (next === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = next;
    }
    remember('synapse.theme', next);
    face();
  });
  face();
  return button;
}

const brand = () =>
  h(
    'a',
    { class: 'brand', href: session.me ? '/dashboard' : '/' },
    h('img', { src: new URL('../icons/logo.svg', import.meta.url).pathname, alt: '', width: 26, height: 26 }),
    'Synapse',
  );

/** The frame of pages for people who are not signed in yet. */
export function bareFrame(main) {
  return [
    h(
      'header',
      { class: 'top-bar bare' },
      brand(),
      h(
        'nav',
        { 'aria-label': 'Site' },
        h('a', { href: '/docs' }, 'Docs'),
        h('a', { href: '/dashboard/models' }, 'Models'),
        session.me ? h('a', { href: '/dashboard' }, 'Dashboard') : h('a', { href: '/login' }, 'Sign in'),
        themeButton(),
      ),
    ),
    main,
  ];
}

function links(path) {
  const groups = session.me?.role === 'operator' ? [...MENU, OPERATOR_MENU] : MENU;
  const open = session.me
    ? groups
    : [
        [
          'Explore',
          [
            ['/docs', 'Documentation', 'book'],
            ['/dashboard/models', 'Models', 'cube'],
          ],
        ],
      ];
  // A receipt belongs to the usage that leads to it.
  const at = path.replace('/dashboard/requests/', '/dashboard/usage/');
  const current = open
    .flatMap(([, entries]) => entries.map(([to]) => to))
    .filter((to) => at === to || at.startsWith(`${to}/`))
    .sort((a, b) => b.length - a.length)[0];
  return open.map(([group, entries]) =>
    h(
      'div',
      { class: 'nav-group' },
      h('p', { class: 'nav-title' }, group),
      entries.map(([to, words, name]) =>
        h('a', { href: to, 'aria-current': to === current ? 'page' : null }, icon(name), words),
      ),
    ),
  );
}

/** Shows the balance anew, wherever it stands. */
export function showBalance() {
  document.querySelectorAll('[data-balance]').forEach((box) => put(box, short(session.me?.credits ?? '0')));
}

function account() {
  if (!session.me) {
    return h(
      'div',
      { class: 'side-foot' },
      h('a', { class: 'button primary', href: '/signup' }, 'Create an account'),
      h('a', { class: 'button', href: '/login' }, 'Sign in'),
    );
  }
  return h(
    'div',
    { class: 'side-foot' },
    h(
      'a',
      { class: 'balance', href: '/dashboard/credits', title: `${amount(session.me.credits)} credits` },
      h('span', { class: 'muted small' }, 'Balance'),
      h('strong', null, h('span', { 'data-balance': '' }, short(session.me.credits)), ' credits'),
    ),
    h(
      'div',
      { class: 'who' },
      h('span', { class: 'small', title: session.me.email }, session.me.name || session.me.email),
      themeButton(),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Sign out', title: 'Sign out', onclick: signOut },
        icon('out'),
      ),
    ),
  );
}

async function signOut() {
  try {
    await post('/api/account/logout');
  } catch (error) {
    toast(error.message, 'bad');
  }
  sessionStorage.clear();
  signedIn(null);
  window.dispatchEvent(new Event('signed-out'));
}

/** The frame of the dashboard. */
export function frame(main, path) {
  const side = h(
    'aside',
    { class: 'side', id: 'side' },
    h('div', { class: 'side-head' }, brand(), jumpButton()),
    h('nav', { 'aria-label': 'Main' }, links(path)),
    account(),
  );
  const menu = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Menu',
      'aria-controls': 'side',
      'aria-expanded': 'false',
      onclick: () => toggle(),
    },
    icon('menu'),
  );
  const toggle = (open = !side.classList.contains('open')) => {
    side.classList.toggle('open', open);
    shade.hidden = !open;
    menu.setAttribute('aria-expanded', String(open));
  };
  const shade = h('div', { class: 'shade', hidden: true, onclick: () => toggle(false) });
  side.addEventListener('click', (event) => event.target.closest('a') && toggle(false));
  return [
    h(
      'a',
      {
        class: 'skip',
        href: '#main',
        onclick: (event) => {
          event.preventDefault();
          main.querySelector('h1')?.focus();
        },
      },
      'Skip to content',
    ),
    h(
      'header',
      { class: 'top-bar phone' },
      menu,
      brand(),
      session.me
        ? h(
            'a',
            { class: 'small', href: '/dashboard/credits' },
            h('span', { 'data-balance': '' }, short(session.me.credits)),
            ' credits',
          )
        : themeButton(),
    ),
    shade,
    side,
    main,
  ];
}

function jumpButton() {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Go to a page (Ctrl K)',
      title: 'Go to a page (Ctrl K)',
      onclick: jump,
    },
    icon('search'),
  );
}

/** Goes to a page by its name. */
function jump() {
  const pages = [...document.querySelectorAll('.side nav a')].map((link) => [
    link.textContent,
    link.getAttribute('href'),
  ]);
  dialog('Go to', (close) => {
    const list = h('ul', { class: 'jump' });
    const show = (words) =>
      put(
        list,
        pages
          .filter(([name]) => name.toLowerCase().includes(words.toLowerCase()))
          .map(([name, to]) => h('li', null, h('a', { href: to, onclick: close }, name))),
      );
    show('');
    return [
      h('input', {
        type: 'search',
        'aria-label': 'Page',
        placeholder: 'Type a page’s name',
        oninput: (event) => show(event.target.value),
        onkeydown: (event) => event.key === 'Enter' && list.querySelector('a')?.click(),
      }),
      list,
    ];
  });
}

function help() {
  const keys = [
    ['Ctrl K', 'Go to a page'],
    ['/', 'Search or filter this page'],
    ['Ctrl Enter', 'Send, in the playground'],
    ['Esc', 'Close a dialog; cancel a call'],
    ['?', 'This list'],
  ];
  dialog(
    'Keyboard',
    h(
      'dl',
      { class: 'facts' },
      keys.map(([key, what]) => [h('dt', null, h('kbd', null, key)), h('dd', null, what)]),
    ),
  );
}

/** Listens to the keyboard; called once. */
export function listen() {
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'k' && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      jump();
    } else if (
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      !event.target.closest?.('input, textarea, select, dialog')
    ) {
      const search = event.key === '/' && document.querySelector('main [type=search]');
      if (search) {
        event.preventDefault();
        search.focus();
      } else if (event.key === '?') {
        help();
      }
    }
  });
}
