import { post } from '../api.js';
import { h, put } from '../dom.js';
import { count, credits } from '../format.js';
import { copyButton, empty, field, form, heading, input } from '../ui.js';

export function render() {
  const made = h(
    'section',
    { class: 'card' },
    empty('ticket', 'No codes made yet', 'Codes that you make show here, once. Only their hashes are kept.'),
  );
  return [
    heading('Top-up codes', 'Whoever redeems a code gets its credits. Each works once.'),
    h(
      'div',
      { class: 'two' },
      h(
        'section',
        { class: 'card' },
        h('h2', null, 'Make codes'),
        form(
          async (values) => {
            const expires = values.get('expires_at');
            show(
              made,
              await post('/api/admin/codes', {
                credits: values.get('credits').trim(),
                count: Number(values.get('count') || 1),
                expires_at: expires ? new Date(`${expires}T23:59:59Z`).toISOString() : undefined,
              }),
            );
          },
          [
            field(
              'Credits',
              input('credits', { required: true, inputmode: 'decimal', placeholder: '1000' }),
              'What each code is worth.',
            ),
            field('How many', input('count', { type: 'number', min: 1, max: 1000, value: '1', inputmode: 'numeric' })),
            field('Valid until', input('expires_at', { type: 'date' }), 'Optional. The day ends at midnight UTC.'),
          ],
          'Make codes',
        ),
      ),
      made,
    ),
  ];
}

function show(box, answer) {
  const codes = answer.codes ?? [answer.code];
  put(
    box,
    h(
      'div',
      { class: 'card-head' },
      h('h2', null, `${count(codes.length)} × ${credits(answer.credits)}`),
      copyButton(codes.join('\n'), 'Copy all'),
    ),
    h('p', { class: 'muted' }, 'Copy them now: they are not shown again.'),
    h(
      'ul',
      { class: 'codes' },
      codes.map((code) => h('li', null, h('code', null, code))),
    ),
  );
}
