import { h } from '../dom.js';
import { field } from '../ui.js';
import { dataUri, dropZone } from './files.js';
import { mistake, panel } from './panel.js';

export function panelOf(context) {
  let image = null;
  const zone = dropZone('Drop a picture here, or choose one', 'image/*', async (file) => {
    image = await dataUri(file);
  });
  const prompt = h('textarea', { rows: 3, maxlength: 2000, placeholder: 'What is in this picture?' });
  const body = () => ({ image, ...(prompt.value && { prompt: prompt.value }) });
  return panel('captions', context, {
    about: 'Give it a picture, and it says what is in it.',
    label: 'Describe',
    controls: [zone.element, field('Question', prompt, 'Optional. A plain description is asked for without one.')],
    check: () => {
      if (!image) {
        throw mistake('Choose a picture first.');
      }
    },
    body,
    code: () => ({ ...body(), image: image ?? 'data:image/png;base64,<BASE64_IMAGE>' }),
    show: (answer, box) => box.append(h('p', { class: 'answer' }, answer.caption)),
  });
}
