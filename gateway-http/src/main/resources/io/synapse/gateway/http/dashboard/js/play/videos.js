import { h } from '../dom.js';
import { field, input } from '../ui.js';
import { panel } from './panel.js';

export function panelOf(context) {
  const prompt = h('textarea', { rows: 4, maxlength: 2000, required: true }, 'A timelapse of clouds over a city');
  const seconds = input('seconds', { type: 'number', min: 1, max: 60, placeholder: 'Default' });
  const seed = input('seed', { type: 'number', min: 0, placeholder: 'Any' });
  return panel('videos', context, {
    about: 'Describe a scene, and a short clip plays here.',
    label: 'Generate',
    waiting: 'Filming. This takes minutes with most models; you can cancel.',
    onmodel: (model) => {
      seconds.max = model?.limits.max_seconds ?? 60;
    },
    controls: [
      field('Scene', prompt),
      h(
        'div',
        { class: 'two tight' },
        field('Seconds', seconds),
        field('Seed', seed, 'The same seed makes the same clip'),
      ),
    ],
    body: () => ({
      prompt: prompt.value,
      ...(seconds.value && { seconds: Number(seconds.value) }),
      ...(seed.value && { seed: Number(seed.value) }),
    }),
    show: (answer, box) => {
      // Served by this server, whatever name callers reach it by.
      const source = new URL(answer.data[0].url, location.href).pathname;
      box.append(
        h('video', { src: source, controls: true, loop: true, autoplay: true, muted: true, playsinline: true }),
        h(
          'div',
          { class: 'actions' },
          h('a', { class: 'button', href: source, download: 'clip.mp4' }, 'Download'),
          h('span', { class: 'muted' }, `${answer.data[0].seconds} s`),
        ),
      );
    },
  });
}
