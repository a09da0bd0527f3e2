import { h, icon } from '../dom.js';
import { MODALITIES } from '../format.js';
import { example, samples } from '../samples.js';
import { codeTabs } from '../tabs.js';

const ICONS = {
  'text-generation': 'chat',
  'image-to-text': 'eye',
  'text-to-image': 'image',
  'image-to-image': 'wand',
  'text-to-video': 'film',
  'text-to-speech': 'sound',
  'speech-to-text': 'mic',
  embeddings: 'vector',
};

const REASONS = [
  [
    'shield',
    'Credits that cannot be overspent',
    'Every call reserves its worst cost first and settles what was really used. A balance never goes below zero.',
  ],
  [
    'receipt',
    'A receipt for every call',
    'Each charge shows its units, rates and amounts. The lines add up, and so does the ledger.',
  ],
  [
    'plug',
    'The SDK that you have',
    'Change the base URL and the key. Chat, embeddings, images and audio work as they do with OpenAI.',
  ],
  [
    'key',
    'Test keys that cost nothing',
    'The whole API over a sandbox: real validation, limits and headers, deterministic answers, faults on demand.',
  ],
];

export function render({ me }) {
  return h(
    'div',
    { class: 'home' },
    h(
      'section',
      { class: 'hero' },
      h(
        'div',
        null,
        h('h1', { tabindex: '-1' }, 'One API for every kind of model'),
        h(
          'p',
          { class: 'lead' },
          'Text, images, video, speech and embeddings behind one OpenAI-compatible endpoint, paid for with prepaid credits.',
        ),
        h(
          'div',
          { class: 'actions' },
          me
            ? h('a', { class: 'button primary', href: '/dashboard' }, 'Open the dashboard')
            : h('a', { class: 'button primary', href: '/signup' }, 'Create a free account'),
          h('a', { class: 'button', href: '/docs' }, 'Read the docs'),
        ),
      ),
      codeTabs(samples('chat', example('chat', 'llama-3.1-8b'))),
    ),
    h(
      'section',
      { class: 'tiles' },
      Object.entries(MODALITIES).map(([name, words]) =>
        h('a', { class: 'tile', href: `/dashboard/models?modality=${name}` }, icon(ICONS[name]), words),
      ),
    ),
    h(
      'section',
      { class: 'reasons' },
      REASONS.map(([name, title, about]) =>
        h('div', { class: 'card' }, icon(name), h('h2', null, title), h('p', { class: 'muted' }, about)),
      ),
    ),
  );
}
