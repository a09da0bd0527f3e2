import { h } from '../dom.js';
import { bytes } from '../format.js';
import { field, input, select } from '../ui.js';
import { panel } from './panel.js';

const LONGEST = 4000;

export function panelOf(context) {
  const text = h('textarea', { rows: 5, maxlength: LONGEST, required: true }, 'Hello from the gateway!');
  const voice = input('voice', { placeholder: 'Default' });
  const format = select('response_format', [['', 'Default'], 'wav', 'mp3', 'opus', 'aac', 'flac'], 'wav');
  const speed = input('speed', { type: 'number', min: 0.25, max: 4, step: 0.05, placeholder: '1' });
  return panel('speech', context, {
    about: 'Write a text, and hear it here.',
    label: 'Speak',
    blob: true,
    controls: [
      field('Text', text, `At most ${LONGEST} characters`),
      h('div', { class: 'three tight' }, field('Voice', voice), field('Format', format), field('Speed', speed)),
    ],
    body: () => ({
      input: text.value,
      ...(voice.value && { voice: voice.value }),
      ...(format.value && { response_format: format.value }),
      ...(speed.value && { speed: Number(speed.value) }),
    }),
    show: (sound, box) => {
      const url = URL.createObjectURL(sound);
      const ending = sound.type.split('/')[1]?.split(';')[0] ?? 'audio';
      box.append(
        h('audio', { src: url, controls: true, autoplay: true }),
        h(
          'div',
          { class: 'actions' },
          h('a', { class: 'button', href: url, download: `speech.${ending}` }, 'Download'),
          h('span', { class: 'muted' }, `${sound.type}, ${bytes(sound.size)}`),
        ),
      );
    },
  });
}
