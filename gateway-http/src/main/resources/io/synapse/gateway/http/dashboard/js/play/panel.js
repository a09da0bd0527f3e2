// What all kinds of the playground share: the model, the button that runs a call and cancels it, its figures, its code.

import { modelsOf } from '../api.js';
import { h, icon, put } from '../dom.js';
import { amount, credits, duration, price } from '../format.js';
import { requestLink } from '../records.js';
import { samples } from '../samples.js';
import { codeTabs } from '../tabs.js';
import { empty, errorBox, field, select } from '../ui.js';
import { call } from './call.js';
import { askForKey, currentKey, isTestKey, whenKeyChanges } from './key.js';
import { KINDS } from './kinds.js';

/** What a test key can rehearse: the suffix of the model, and its words. */
const FAULTS = [
  ['', 'Nothing: the call succeeds'],
  [':slow-3000', 'An answer that takes 3 s longer'],
  [':slow-30000', 'An answer that takes 30 s longer'],
  [':error-429', 'An upstream that is busy'],
  [':error-500', 'An upstream that fails'],
  [':timeout', 'An upstream that never answers'],
];
const CUT = [':cut', 'A stream that breaks off'];

/** The choice of a model of a modality, with its price, and of what to rehearse. */
export async function modelChoice(kind, wanted, onchange) {
  const modality = KINDS.find(([name]) => name === kind)[3];
  const models = await modelsOf(modality);
  const label = (model) => (model.available ? model.id : `${model.id} (test keys)`);
  const control = select(
    'model',
    models.map((model) => [model.id, label(model)]),
    wanted && models.some((model) => model.id === wanted) ? wanted : undefined,
  );
  const cost = h('p', { class: 'hint' });
  const fault = select('fault', kind === 'chat' ? [...FAULTS, CUT] : FAULTS);
  const show = () => {
    const model = models.find((one) => one.id === control.value);
    put(cost, model ? `Price in credits: ${price(model.pricing)}` : '');
    fault.disabled = !isTestKey();
  };
  const change = () => {
    show();
    onchange();
  };
  control.addEventListener('change', change);
  fault.addEventListener('change', change);
  whenKeyChanges(change);
  show();
  return {
    element: h(
      'div',
      { class: 'stack' },
      h('div', { class: 'field' }, field('Model', control), cost),
      field('Rehearse', fault, 'For test keys: a suffix of the model’s name'),
    ),
    value: () => control.value + (fault.disabled ? '' : fault.value),
    model: () => models.find((one) => one.id === control.value),
  };
}

/** Runs one call at a time: shows that it runs, cancels it, tells what went wrong. */
export function runner({ label, start, onleave }) {
  let abort = null;
  let ticking;
  const status = h('p', { class: 'meta', role: 'status' });
  const run = h('button', { type: 'button', class: 'primary' }, icon('play'), label);
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => abort?.abort() }, icon('stop'), 'Cancel');
  async function go() {
    const key = currentKey();
    if (!key) {
      askForKey();
      return;
    }
    if (abort) {
      return;
    }
    abort = new AbortController();
    const began = performance.now();
    run.disabled = true;
    cancel.hidden = false;
    ticking = setInterval(
      () =>
        put(
          status,
          h('span', { class: 'spinner', 'aria-hidden': 'true' }),
          `Running, ${duration(performance.now() - began)}`,
        ),
      100,
    );
    let figures = null;
    let failed = null;
    try {
      figures = await start((kind, body) => call(kind, body, key, abort.signal));
    } catch (error) {
      failed = error;
    }
    clearInterval(ticking);
    abort = null;
    run.disabled = false;
    cancel.hidden = true;
    put(status, failed ? said(failed) : figures && told(figures));
    window.dispatchEvent(new Event('balance'));
  }
  run.addEventListener('click', go);
  onleave(() => {
    abort?.abort();
    clearInterval(ticking);
  });
  return { run: go, cancel: () => abort?.abort(), buttons: h('div', { class: 'actions' }, run, cancel), status };
}

function said(error) {
  if (error.name === 'AbortError') {
    return h('span', { class: 'muted' }, 'Cancelled. What the model had made until then is charged.');
  }
  const help = {
    insufficient_credits: ['Top up', '/dashboard/credits'],
    budget_exceeded: ['Change the cap', '/dashboard/projects'],
    provider_not_configured: ['Use a test key: it reaches every model through the sandbox', null],
  }[error.type];
  return h('div', null, errorBox(error), help && h('p', null, help[1] ? h('a', { href: help[1] }, help[0]) : help[0]));
}

/** The figures of a call: credits, time, request. */
function told(figures) {
  const fact = (name, value) =>
    value !== null && value !== undefined && h('span', null, h('b', null, name), ' ', value);
  return h(
    'span',
    { class: 'figures' },
    fact('Charged', figures.charged && credits(figures.charged)),
    fact('Remaining', figures.remaining && amount(figures.remaining)),
    fact('First byte', figures.streamed ? duration(figures.first) : null),
    fact('Took', duration(figures.took)),
    fact('Request', figures.requestId && requestLink(figures.requestId)),
  );
}

/**
 * A panel with controls at the left and the result at the right.
 *
 * @param spec `controls`: elements; `body(model)`: what is sent, a form or an object; `code(model)`: the body that the
 *   code shows, if it is another; `show(answer, box)`: shows what came back; `blob`: whether that is bytes
 */
export async function panel(kind, context, spec) {
  const code = h('div');
  const model = await modelChoice(kind, context.query.get('model'), () => renew());
  const result = h('div', { class: 'result' }, empty('play', 'Nothing yet', spec.about));
  const tabs = codeTabs(samples(kind, { model: model.value(), ...(spec.code ?? spec.body)(model) }));
  put(code, tabs);
  function renew() {
    spec.onmodel?.(model.model());
    tabs.update(samples(kind, { model: model.value(), ...(spec.code ?? spec.body)(model) }));
  }
  const control = runner({
    label: spec.label ?? 'Run',
    onleave: context.onleave,
    start: async (send) => {
      const body = spec.body(model);
      spec.check?.();
      if (body instanceof FormData) {
        body.set('model', model.value());
      } else {
        body.model = model.value();
      }
      renew();
      put(
        result,
        h(
          'div',
          { class: 'waiting' },
          h('span', { class: 'spinner', 'aria-hidden': 'true' }),
          h('p', { class: 'muted' }, spec.waiting ?? 'Waiting for the answer'),
        ),
      );
      try {
        const { response, figures } = await send(kind, body);
        const answer = spec.blob
          ? await response.blob()
          : (response.headers.get('Content-Type') ?? '').includes('json')
            ? await response.json()
            : await response.text();
        put(result);
        await spec.show(answer, result);
        return { ...figures, took: performance.now() - figures.began };
      } catch (error) {
        put(result, empty('play', 'No answer', spec.about));
        throw error;
      }
    },
  });
  const form = h(
    'form',
    {
      class: 'stack',
      onsubmit: (event) => {
        event.preventDefault();
        control.run();
      },
      oninput: () => renew(),
      onkeydown: (event) => keys(event, control),
    },
    model.element,
    spec.controls,
    control.buttons,
  );
  spec.onmodel?.(model.model());
  return h(
    'div',
    { class: 'play' },
    h('section', { class: 'card' }, form),
    h('section', { class: 'card' }, result, control.status),
    h(
      'section',
      { class: 'card flush span' },
      h('div', { class: 'card-head pad' }, h('h2', null, 'The same call in code')),
      code,
    ),
  );
}

/** Ctrl Enter sends, Esc cancels. */
export function keys(event, control) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    control.run();
  } else if (event.key === 'Escape') {
    control.cancel();
  }
}

/** A mistake that is found before anything is sent. */
export const mistake = (message) => new Error(message);
