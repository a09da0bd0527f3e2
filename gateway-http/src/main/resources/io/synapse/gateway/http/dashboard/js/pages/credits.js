import { loadMe, post, session } from '../api.js';
import { h, put } from '../dom.js';
import { amount, credits } from '../format.js';
import { showBalance } from '../shell.js';
import { field, form, heading, input, toast } from '../ui.js';

export function render() {
  const live = h('p', { class: 'figure' });
  const test = h('p', { class: 'figure' });
  const show = () => {
    put(live, amount(session.me.credits), h('span', { class: 'unit' }, ' credits'));
    put(test, amount(session.me.test_credits), h('span', { class: 'unit' }, ' test credits'));
    showBalance();
  };
  const renew = async () => {
    await loadMe();
    show();
  };
  show();
  const code = input('code', { required: true, spellcheck: 'false', autocapitalize: 'characters', class: 'mono' });
  return [
    heading('Credits', 'Prepaid, and never below zero: a call that you cannot pay for is refused before it runs.'),
    h(
      'div',
      { class: 'two' },
      h(
        'section',
        { class: 'card' },
        h('h2', null, 'Live balance'),
        live,
        form(
          async (values) => {
            const got = await post('/api/account/redeem', { code: values.get('code').trim() });
            code.value = '';
            await renew();
            toast(`${credits(got.amount)} added`);
          },
          field('Top-up code', code, 'A code works once. Ask your operator for one.'),
          'Redeem',
        ),
      ),
      h(
        'section',
        { class: 'card' },
        h('h2', null, 'Test balance'),
        test,
        h('p', { class: 'muted' }, 'What test keys spend. It costs nothing and is filled up again whenever you like.'),
        form(
          async () => {
            await post('/api/account/test-credits');
            await renew();
            toast('Test credits refilled');
          },
          [],
          'Refill',
        ),
      ),
    ),
    h('p', null, h('a', { href: '/dashboard/ledger' }, 'Every change of your balance is in the ledger.')),
  ];
}
