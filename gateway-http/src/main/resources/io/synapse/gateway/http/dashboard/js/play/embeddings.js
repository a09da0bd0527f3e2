import { h } from '../dom.js';
import { count } from '../format.js';
import { copyButton, field, input } from '../ui.js';
import { panel } from './panel.js';

const MOST = 24;
const SAMPLE = 'The quick brown fox\nA fast auburn fox\nQuarterly revenue grew';

export function panelOf(context) {
  const texts = h('textarea', { rows: 8, required: true }, SAMPLE);
  const dimensions = input('dimensions', { type: 'number', min: 1, placeholder: 'Default' });
  const lines = () =>
    texts.value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .slice(0, MOST);
  return panel('embeddings', context, {
    about: 'Write some texts, one a line, and see how near they are to each other.',
    label: 'Embed',
    controls: [
      field('Texts, one a line', texts, `At most ${MOST} here; the API takes 2,048`),
      field('Dimensions', dimensions, 'Where the model can'),
    ],
    body: () => ({ input: lines(), ...(dimensions.value && { dimensions: Number(dimensions.value) }) }),
    show: (answer, box) => {
      const vectors = answer.data.map((one) => one.embedding);
      const names = lines();
      box.append(
        h(
          'p',
          { class: 'muted' },
          `${vectors.length} vectors of ${count(vectors[0].length)} numbers. Cosine similarity: 1 is the same direction.`,
        ),
        matrix(names, vectors),
        h(
          'div',
          { class: 'actions' },
          copyButton(() => JSON.stringify(vectors), 'Copy vectors'),
        ),
      );
    },
  });
}

/** How near two directions are: -1 to 1. */
export function cosine(a, b) {
  const dot = (one, other) => one.reduce((all, value, at) => all + value * other[at], 0);
  return dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b)) || 1);
}

function matrix(names, vectors) {
  const cell = (value) => h('td', { class: `num heat${Math.round(Math.max(0, value) * 5)}` }, value.toFixed(3));
  return h(
    'div',
    { class: 'table-wrap' },
    h(
      'table',
      { class: 'matrix' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('td'),
          names.map((name, at) => h('th', { scope: 'col', title: name, class: 'num' }, at + 1)),
        ),
      ),
      h(
        'tbody',
        null,
        names.map((name, row) =>
          h(
            'tr',
            null,
            h('th', { scope: 'row', title: name }, `${row + 1} ${name}`),
            vectors.map((vector) => cell(cosine(vectors[row], vector))),
          ),
        ),
      ),
    ),
  );
}
