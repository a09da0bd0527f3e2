import { get, post } from '../api.js';
import { h, put } from '../dom.js';
import { amount, credits } from '../format.js';
import { pagedTable } from '../tables.js';
import { badge, copyable, dialog, field, form, heading, input, toast, when } from '../ui.js';

export function render({ query, note }) {
  const box = h('div');
  let waiting;
  const show = (email) => {
    note(new URLSearchParams({ email }));
    put(
      box,
      pagedTable(
        (cursor) => get('/api/admin/accounts', { email, cursor }),
        columns(() => show(email)),
      ),
    );
  };
  const search = input('email', {
    type: 'search',
    placeholder: 'Search by email  /',
    'aria-label': 'Search by email',
    value: query.get('email') ?? '',
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => show(search.value.trim()), 250);
    },
  });
  show(search.value);
  return [
    heading('Accounts', 'Everybody who signed up, with what they have left.'),
    h('div', { class: 'filters' }, search),
    box,
  ];
}

function columns(again) {
  return [
    {
      head: 'Email',
      cell: (account) => h('span', null, account.email, ' ', account.role === 'operator' && badge('operator', 'test')),
    },
    { head: 'Name', cell: (account) => account.name || '—' },
    { head: 'Id', cell: (account) => copyable(account.id, `${account.id.slice(0, 8)}…`) },
    { head: 'Joined', cell: (account) => when(account.created) },
    { head: 'Credits', num: true, cell: (account) => amount(account.credits) },
    {
      head: '',
      cell: (account) =>
        h(
          'button',
          { type: 'button', 'aria-label': `Grant credits to ${account.email}`, onclick: () => grant(account, again) },
          'Grant credits',
        ),
    },
  ];
}

function grant(account, again) {
  dialog(`Grant credits to ${account.email}`, (close) =>
    form(
      async (values) => {
        const got = await post(`/api/admin/accounts/${encodeURIComponent(account.id)}/credits`, {
          amount: values.get('amount').trim(),
          reason: values.get('reason'),
        });
        close();
        toast(`${credits(got.amount)} granted`);
        window.dispatchEvent(new Event('balance'));
        again();
      },
      [
        field('Amount', input('amount', { required: true, inputmode: 'decimal', placeholder: '1000' }), 'In credits.'),
        field(
          'Reason',
          input('reason', { required: true, maxlength: 200, placeholder: 'Invoice 1042' }),
          'Stands in the account’s ledger and in the audit log.',
        ),
      ],
      'Grant credits',
      { cancel: h('button', { type: 'button', onclick: close }, 'Cancel') },
    ),
  );
}
