import { post, signedIn } from '../api.js';
import { h } from '../dom.js';
import { field, form, input } from '../ui.js';

/** Where to go after signing in: only to pages of this site. */
export function after(query) {
  const next = query.get('next') ?? '';
  return /^\/(dashboard|docs)([/?]|$)/.test(next) ? next : '/dashboard';
}

export function render({ query, go, me }) {
  if (me) {
    go(after(query), true);
  }
  return h(
    'div',
    { class: 'card narrow' },
    h('h1', { tabindex: '-1' }, 'Sign in'),
    form(
      async (values) => {
        signedIn(await post('/api/account/login', { email: values.get('email'), password: values.get('password') }));
        go(after(query), true);
      },
      [
        field('Email', input('email', { type: 'email', autocomplete: 'username', required: true, autofocus: true })),
        field('Password', input('password', { type: 'password', autocomplete: 'current-password', required: true })),
      ],
      'Sign in',
    ),
    h('p', { class: 'muted' }, 'New here? ', h('a', { href: `/signup${location.search}` }, 'Create an account')),
  );
}
