import { post, signedIn } from '../api.js';
import { h } from '../dom.js';
import { field, form, input } from '../ui.js';
import { after } from './login.js';

export function render({ query, go, me }) {
  if (me) {
    go(after(query), true);
  }
  return h(
    'div',
    { class: 'card narrow' },
    h('h1', { tabindex: '-1' }, 'Create an account'),
    h('p', { class: 'muted' }, 'New accounts get starter credits, and test credits that cost nothing. No card needed.'),
    form(
      async (values) => {
        signedIn(
          await post('/api/account/signup', {
            email: values.get('email'),
            password: values.get('password'),
            name: values.get('name') || undefined,
          }),
        );
        go(after(query), true);
      },
      [
        field('Email', input('email', { type: 'email', autocomplete: 'username', required: true, autofocus: true })),
        field(
          'Password',
          input('password', { type: 'password', autocomplete: 'new-password', required: true }),
          'At least 10 characters. A few unrelated words make a good one.',
        ),
        field('Name', input('name', { autocomplete: 'name', maxlength: 200 }), 'Optional'),
      ],
      'Create account',
    ),
    h('p', { class: 'muted' }, 'You have an account? ', h('a', { href: `/login${location.search}` }, 'Sign in')),
  );
}
