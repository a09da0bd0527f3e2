// The parts that pages are made of.

import { h, icon, put } from './dom.js';
import { time } from './format.js';

/** Tells something in passing. */
export function toast(message, kind = 'good') {
  const note = h(
    'div',
    { class: `toast ${kind}` },
    icon(kind === 'good' ? 'check' : 'alert'),
    h('span', null, message),
  );
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), 5000);
}

/** What went wrong, with the request's id for whoever is asked for help. */
export function errorBox(error, retry) {
  return h(
    'div',
    { class: 'error-box', role: 'alert' },
    icon('alert'),
    h(
      'div',
      null,
      h('p', null, error.message ?? String(error)),
      error.requestId && h('p', { class: 'muted small' }, 'Request ', copyable(error.requestId)),
      retry && h('button', { type: 'button', onclick: retry }, 'Try again'),
    ),
  );
}

async function toClipboard(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain HTTP on another host than localhost has no clipboard of its own.
  const area = h('textarea', { class: 'offscreen', value: text });
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** A button that copies a text, or what a function gives when it is pressed. */
export function copyButton(text, label = 'Copy', quiet = false) {
  const button = h('button', {
    type: 'button',
    class: quiet ? 'icon-button' : '',
    'aria-label': quiet ? label : null,
    title: quiet ? label : null,
  });
  const face = (name, words) => put(button, icon(name), !quiet && words);
  face('copy', label);
  button.addEventListener('click', async (event) => {
    event.stopPropagation();
    try {
      await toClipboard(typeof text === 'function' ? text() : text);
    } catch {
      toast('The browser did not allow copying. Select the text and copy it yourself.', 'bad');
      return;
    }
    face('check', 'Copied');
    setTimeout(() => face('copy', label), 1600);
  });
  return button;
}

/** A short text in monospace with a button that copies it. */
export function copyable(text, shown = text) {
  return h('span', { class: 'copyable' }, h('code', { title: text }, shown), copyButton(text, `Copy ${text}`, true));
}

/** A page's heading, with what can be done there. */
export function heading(title, about, ...actions) {
  return h(
    'header',
    { class: 'page-head' },
    h('div', null, h('h1', { tabindex: '-1' }, title), about && h('p', { class: 'muted' }, about)),
    actions.length > 0 && h('div', { class: 'actions' }, actions),
  );
}

/** What stands where nothing is yet: what to do next. */
export function empty(iconName, title, about, ...actions) {
  return h(
    'div',
    { class: 'empty' },
    icon(iconName),
    h('h2', null, title),
    h('p', { class: 'muted' }, about),
    h('div', { class: 'actions' }, actions),
  );
}

export const badge = (text, kind = '') => h('span', { class: `badge ${kind}` }, text);

export const when = (iso) => (iso ? h('time', { datetime: iso, title: iso }, time(iso)) : '—');

export const skeleton = () =>
  h('div', { class: 'skeleton', 'aria-label': 'Loading', role: 'status' }, h('i'), h('i'), h('i'));

let fields = 0;

/** A labelled control. `hint` says what to write; `error` takes what was wrong. */
export function field(label, control, hint) {
  const id = `f${(fields += 1)}`;
  control.id = id;
  const error = h('p', { class: 'field-error', id: `${id}e` });
  control.setAttribute('aria-describedby', `${id}h ${id}e`);
  const box = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    control,
    hint && h('p', { class: 'hint', id: `${id}h` }, hint),
    error,
  );
  box.dataset.name = control.name;
  return box;
}

export const input = (name, props) => h('input', { name, autocomplete: 'off', ...props });

/** A choice: options are [value, words] or plain words. */
export function select(name, options, chosen, props) {
  const control = h(
    'select',
    { name, ...props },
    options.map((option) => {
      const [value, words] = Array.isArray(option) ? option : [option, option];
      return h('option', { value }, words);
    }),
  );
  if (chosen !== undefined && chosen !== null) {
    control.value = chosen;
  }
  return control;
}

/** A form whose errors stand at the field that they are about. `submit(values)` does the work. */
export function form(submit, children, button, props) {
  const general = h('div');
  const go = h('button', { type: 'submit', class: props?.danger ? 'danger' : 'primary' }, button);
  const element = h(
    'form',
    { class: 'stack', novalidate: true },
    children,
    general,
    h('div', { class: 'actions' }, go, props?.cancel),
  );
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    element.querySelectorAll('.field-error').forEach((error) => put(error));
    put(general);
    go.disabled = true;
    go.classList.add('busy');
    try {
      await submit(new FormData(element));
    } catch (error) {
      const at = error.param && element.querySelector(`[data-name="${CSS.escape(error.param)}"]`);
      if (at) {
        // The field need not be named where it stands.
        put(at.querySelector('.field-error'), error.message.replace(/^'[^']+' /, 'This '));
        at.querySelector('input, select, textarea')?.focus();
      } else {
        put(general, errorBox(error));
      }
    } finally {
      go.disabled = false;
      go.classList.remove('busy');
    }
  });
  return element;
}

/** Opens a dialog and gives it back; its content may be made with a function that closes it. */
export function dialog(title, content, { onclose, wide } = {}) {
  const close = () => element.close();
  const element = h(
    'dialog',
    { class: wide ? 'wide' : '', 'aria-label': title },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', null, title),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close }, icon('close')),
    ),
    h('div', { class: 'dialog-body' }, typeof content === 'function' ? content(close) : content),
  );
  element.addEventListener('close', () => {
    element.remove();
    onclose?.();
  });
  document.body.append(element);
  element.showModal();
  element.querySelector('.dialog-body input, .dialog-body select, .dialog-body textarea')?.focus();
  return element;
}

/** Asks before something that cannot be undone. */
export function confirm(title, about, button, act) {
  dialog(title, (close) =>
    form(
      async () => {
        await act();
        close();
      },
      h('p', null, about),
      button,
      { danger: true, cancel: h('button', { type: 'button', onclick: close }, 'Cancel') },
    ),
  );
}

/** Buttons of which one is chosen. Options are [value, words]. */
export function segments(label, options, chosen, onchange) {
  const buttons = options.map(([value, words]) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(value === chosen),
        onclick: (event) => {
          buttons.forEach((button) => button.setAttribute('aria-pressed', String(button === event.currentTarget)));
          onchange(value);
        },
      },
      words,
    ),
  );
  return h('div', { class: 'segments', role: 'group', 'aria-label': label }, buttons);
}

/** Code as it is written; it scrolls by itself. */
export const codeText = (text, label) =>
  h('pre', { class: 'code', tabindex: '0', 'aria-label': label }, h('code', null, text));

/** Code in a box that says what it is, with a button that copies it. */
export function codeBox(text, label = 'Code') {
  return h(
    'div',
    { class: 'code-box' },
    h(
      'div',
      { class: 'code-head' },
      h('span', { class: 'muted small' }, label),
      copyButton(text, 'Copy code', true),
    ),
    codeText(text, label),
  );
}
