// Starts the dashboard: finds out who is signed in, shows the page of the address, follows links without loading anew.

import { loadMe, mayBeSignedIn, session } from './api.js';
import { h, put } from './dom.js';
import { find } from './routes.js';
import { bareFrame, frame, listen, showBalance } from './shell.js';
import { errorBox, heading, skeleton, toast } from './ui.js';

const app = document.getElementById('app');
let shown = 0;
let leave = null;
let address = '';

/** Goes to an address of the dashboard. */
export function go(to, replace = false) {
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  show();
}

/** Notes a filter in the address without showing the page anew. */
function note(query) {
  const kept = new URLSearchParams([...query].filter(([, value]) => value !== ''));
  history.replaceState(null, '', kept.size ? `${location.pathname}?${kept}` : location.pathname);
  address = location.pathname + location.search;
}

function mayNot(route, path) {
  if (!route.open && !session.me) {
    return `/login?next=${encodeURIComponent(path + location.search)}`;
  }
  return route.operator && session.me.role !== 'operator' ? '/dashboard' : null;
}

async function show() {
  const turn = (shown += 1);
  address = location.pathname + location.search;
  leave?.();
  leave = null;
  const path = location.pathname;
  const found = find(path);
  const other = found && mayNot(found.route, path);
  if (other) {
    go(other, true);
    return;
  }
  const main = h('main', { id: 'main', class: found?.route.bare ? 'bare' : '' }, skeleton());
  document.title = found ? `${found.route.title} · Synapse Gateway` : 'Not found · Synapse Gateway';
  put(app, ...(found?.route.bare ? bareFrame(main) : frame(main, path)));
  app.className = found?.route.bare ? 'bare' : 'framed';
  if (!found) {
    put(
      main,
      heading(
        'There is no such page',
        'The address may be old or mistyped.',
        h('a', { class: 'button', href: '/dashboard' }, 'To the overview'),
      ),
    );
    return;
  }
  try {
    const page = await found.route.load();
    const context = {
      params: found.params,
      query: new URLSearchParams(location.search),
      me: session.me,
      go,
      note,
      onleave: (act) => {
        if (turn === shown) leave = act;
      },
    };
    const content = await page.render(context);
    if (turn === shown) {
      put(main, content);
      window.scrollTo(0, 0);
      const first = main.querySelector('[autofocus]');
      if (first) {
        first.focus();
      } else if (turn > 1 && !main.contains(document.activeElement)) {
        main.querySelector('h1')?.focus({ preventScroll: true });
      }
      if (location.hash) {
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
      }
    }
  } catch (error) {
    if (turn === shown) {
      // A server that was renewed no longer has the files of the version that this page was loaded with.
      const stale = error instanceof TypeError && /import|module/i.test(error.message);
      put(
        main,
        heading(found.route.title),
        errorBox(
          stale ? new Error('The dashboard was updated meanwhile.') : error,
          stale ? () => location.reload() : show,
        ),
      );
    }
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (
    !link ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey ||
    link.target ||
    link.hasAttribute('download')
  ) {
    return;
  }
  const url = new URL(link.href);
  if (url.origin === location.origin && find(url.pathname) && !(url.pathname === location.pathname && url.hash)) {
    event.preventDefault();
    go(url.pathname + url.search + url.hash);
  }
});
window.addEventListener('popstate', () => {
  // A jump within a page changes only the part after the number sign.
  if (location.pathname + location.search !== address) {
    show();
  }
});
window.addEventListener('signed-out', ({ detail }) => {
  document.querySelectorAll('dialog').forEach((open) => open.close());
  if (detail === 'expired') {
    toast('Your session has ended. Sign in again.', 'bad');
  }
  go(detail === 'expired' ? `/login?next=${encodeURIComponent(location.pathname + location.search)}` : '/login', true);
});
window.addEventListener('balance', async () => {
  // Not worth a word if it fails: the next page tells.
  await loadMe().then(showBalance, () => null);
});
listen();
try {
  if (mayBeSignedIn() || !find(location.pathname)?.route.open) {
    await loadMe();
  }
  show();
} catch (error) {
  put(
    app,
    h(
      'main',
      { class: 'bare' },
      errorBox(error, () => location.reload()),
    ),
  );
}
