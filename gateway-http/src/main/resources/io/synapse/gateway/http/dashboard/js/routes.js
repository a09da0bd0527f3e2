// Which page an address shows. Pages are fetched when they are first asked for.

const page = (title, load, more) => ({ title, load, ...more });

const ROUTES = [
  ['/', page('Synapse Gateway', () => import('./pages/home.js'), { open: true, bare: true })],
  ['/login', page('Sign in', () => import('./pages/login.js'), { open: true, bare: true })],
  ['/signup', page('Create an account', () => import('./pages/signup.js'), { open: true, bare: true })],
  ['/docs', page('Documentation', () => import('./pages/docs.js'), { open: true })],
  ['/dashboard', page('Overview', () => import('./pages/overview.js'))],
  ['/dashboard/playground', page('Playground', () => import('./play/playground.js'))],
  ['/dashboard/playground/:kind', page('Playground', () => import('./play/playground.js'))],
  ['/dashboard/models', page('Models', () => import('./pages/models.js'), { open: true })],
  ['/dashboard/keys', page('API keys', () => import('./pages/keys.js'))],
  ['/dashboard/projects', page('Projects', () => import('./pages/projects.js'))],
  ['/dashboard/usage', page('Usage', () => import('./pages/usage.js'))],
  ['/dashboard/requests/:id', page('Receipt', () => import('./pages/receipt.js'))],
  ['/dashboard/ledger', page('Ledger', () => import('./pages/ledger.js'))],
  ['/dashboard/credits', page('Credits', () => import('./pages/credits.js'))],
  ['/dashboard/operator', page('Accounts', () => import('./operator/accounts.js'), { operator: true })],
  ['/dashboard/operator/codes', page('Top-up codes', () => import('./operator/codes.js'), { operator: true })],
  ['/dashboard/operator/models', page('Models on offer', () => import('./operator/models.js'), { operator: true })],
  ['/dashboard/operator/providers', page('Providers', () => import('./operator/providers.js'), { operator: true })],
  ['/dashboard/operator/audit', page('Audit log', () => import('./operator/audit.js'), { operator: true })],
];

/** The links of the side bar, in groups: [group, [[path, words, icon], …]]. */
export const MENU = [
  [
    'Build',
    [
      ['/dashboard', 'Overview', 'overview'],
      ['/dashboard/playground', 'Playground', 'play'],
      ['/dashboard/models', 'Models', 'cube'],
      ['/dashboard/keys', 'API keys', 'key'],
      ['/dashboard/projects', 'Projects', 'folder'],
    ],
  ],
  [
    'Spend',
    [
      ['/dashboard/usage', 'Usage', 'chart'],
      ['/dashboard/ledger', 'Ledger', 'ledger'],
      ['/dashboard/credits', 'Credits', 'wallet'],
    ],
  ],
  ['Learn', [['/docs', 'Documentation', 'book']]],
];

export const OPERATOR_MENU = [
  'Operate',
  [
    ['/dashboard/operator', 'Accounts', 'people'],
    ['/dashboard/operator/codes', 'Top-up codes', 'ticket'],
    ['/dashboard/operator/models', 'Models on offer', 'switch'],
    ['/dashboard/operator/providers', 'Providers', 'plug'],
    ['/dashboard/operator/audit', 'Audit log', 'shield'],
  ],
];

/** The page at a path and the path's parameters, or null. */
export function find(path) {
  const parts = path.replace(/\/+$/, '').split('/');
  for (const [pattern, route] of ROUTES) {
    const wanted = pattern.replace(/\/+$/, '').split('/');
    if (wanted.length === parts.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at])) {
      const params = Object.fromEntries(
        wanted.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), decodeURIComponent(parts[at])]] : [])),
      );
      return { route, params };
    }
  }
  return null;
}
