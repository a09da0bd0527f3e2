import { h } from '../dom.js';
import { field, input, select } from '../ui.js';
import { handOver } from './edits.js';
import { fromBase64 } from './files.js';
import { panel } from './panel.js';

const SIZES = [['', 'Default'], '512x512', '1024x1024', '1024x768', '768x1024', '1792x1024', '1024x1792'];

export function panelOf(context) {
  const prompt = h('textarea', { rows: 4, maxlength: 8000, required: true }, 'A serene mountain lake at sunrise');
  const size = select('size', SIZES);
  const count = input('n', { type: 'number', min: 1, max: 8, value: '1' });
  const quality = select('quality', [['', 'Default'], 'standard', 'hd', 'low', 'medium', 'high']);
  const negative = input('negative_prompt', { maxlength: 8000 });
  return panel('images', context, {
    about: 'Describe a picture, and see it here.',
    label: 'Generate',
    waiting: 'Drawing. Some models take half a minute.',
    onmodel: (model) => {
      count.max = model?.limits.max_images ?? 8;
    },
    controls: [
      field('Prompt', prompt),
      h('div', { class: 'two tight' }, field('Size', size), field('How many', count)),
      h('div', { class: 'two tight' }, field('Quality', quality), field('Leave out', negative, 'Optional')),
    ],
    body: () => ({
      prompt: prompt.value,
      ...(size.value && { size: size.value }),
      ...(Number(count.value) > 1 && { n: Number(count.value) }),
      ...(quality.value && { quality: quality.value }),
      ...(negative.value && { negative_prompt: negative.value }),
    }),
    show: (answer, box) =>
      box.append(
        h(
          'div',
          { class: 'pictures' },
          answer.data.map((one, at) => picture(one, at, prompt.value, context.go)),
        ),
      ),
  });
}

/** What kind of picture base64 holds, by its first bytes. */
export function pictureType(base64) {
  return (
    { iVBOR: 'image/png', '/9j/4': 'image/jpeg', UklGR: 'image/webp', PHN2Z: 'image/svg+xml', PD94b: 'image/svg+xml' }[
      base64.slice(0, 5)
    ] ?? 'image/png'
  );
}

function picture(one, at, prompt, go) {
  const type = pictureType(one.b64_json);
  const file = fromBase64(one.b64_json, type, `picture-${at + 1}.${type.slice(6, 9)}`);
  const url = URL.createObjectURL(file);
  return h(
    'figure',
    null,
    h('img', { src: url, alt: prompt }),
    h(
      'figcaption',
      null,
      one.revised_prompt && h('p', { class: 'muted small' }, one.revised_prompt),
      h('a', { class: 'button', href: url, download: file.name }, 'Download'),
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            handOver(file);
            go('/dashboard/playground/edits');
          },
        },
        'Edit it',
      ),
    ),
  );
}
