import { h } from '../dom.js';
import { field } from '../ui.js';
import { dataUri, dropZone, fromBase64 } from './files.js';
import { pictureType } from './images.js';
import { mistake, panel } from './panel.js';

let handed = null;

/** Has the next panel start from this picture. */
export function handOver(file) {
  handed = file;
}

export async function panelOf(context) {
  let image = null;
  let before = null;
  const zone = dropZone('Drop a picture here, or choose one', 'image/*', async (file) => {
    before = URL.createObjectURL(file);
    image = await dataUri(file);
  });
  if (handed) {
    image = await dataUri(handed);
    zone.take(handed);
    handed = null;
  }
  const prompt = h('textarea', { rows: 3, maxlength: 8000, required: true }, 'Make it look like a watercolor painting');
  return panel('edits', context, {
    about: 'Give it a picture and say what to change. Both stand side by side here.',
    label: 'Edit',
    waiting: 'Editing. Some models take half a minute.',
    controls: [zone.element, field('What to change', prompt)],
    check: () => {
      if (!image) {
        throw mistake('Choose a picture first.');
      }
    },
    body: () => ({ image, prompt: prompt.value }),
    code: () => ({ image: image ?? 'data:image/png;base64,<BASE64_IMAGE>', prompt: prompt.value }),
    show: (answer, box) => {
      const base64 = answer.data[0].b64_json;
      const url = URL.createObjectURL(fromBase64(base64, pictureType(base64), 'edited'));
      box.append(
        h(
          'div',
          { class: 'side-by-side' },
          h('figure', null, h('img', { src: before, alt: 'Before' }), h('figcaption', null, 'Before')),
          h('figure', null, h('img', { src: url, alt: 'After' }), h('figcaption', null, 'After')),
        ),
        h('div', { class: 'actions' }, h('a', { class: 'button', href: url, download: 'edited' }, 'Download')),
      );
    },
  });
}
