// The choice of a model for the documentation's examples.

import { h, put } from '../dom.js';
import { price } from '../format.js';
import { copyButton } from '../ui.js';

/** How many are shown at first. */
const FEW = 6;

/** The models to choose from: a click uses one in the example, and each has a button that copies its name. */
export function modelPick(models, show) {
  const cost = h('span', { class: 'muted' });
  const chips = models.map((model) =>
    h(
      'li',
      { class: 'chip' },
      h('button', { type: 'button', onclick: () => change(model) }, model.id),
      copyButton(model.id, `Copy ${model.id}`, true),
    ),
  );
  const change = (chosen) => {
    models.forEach((model, at) =>
      chips[at].querySelector('button').setAttribute('aria-pressed', String(model === chosen)),
    );
    put(cost, price(chosen.pricing));
    show(chosen.id);
  };
  const showMore = (all) => {
    chips.forEach((chip, at) => {
      chip.hidden = !all && at >= FEW;
    });
    last.hidden = all || models.length <= FEW;
  };
  const more = h(
    'button',
    { type: 'button', class: 'chip-more', onclick: () => showMore(true) },
    `All ${models.length}`,
  );
  const last = h('li', null, more);
  showMore(false);
  change(models[0]);
  return h(
    'div',
    { class: 'model-pick' },
    h(
      'p',
      { class: 'small' },
      h('strong', null, 'Models'),
      h('span', { class: 'muted' }, ' — click to use one in the example. Price in credits: '),
      cost,
    ),
    h('ul', { class: 'chips', 'aria-label': 'Models' }, chips, last),
  );
}
