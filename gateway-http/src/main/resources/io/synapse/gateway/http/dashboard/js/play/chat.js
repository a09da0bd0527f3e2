import { h, icon, put } from '../dom.js';
import { field, input } from '../ui.js';
import { samples } from '../samples.js';
import { codeTabs } from '../tabs.js';
import { events } from './call.js';
import { dataUri } from './files.js';
import { keys, modelChoice, runner } from './panel.js';

const hello = () => h('p', { class: 'muted empty-talk' }, 'Ask something. Ctrl Enter sends.');

export async function panelOf(context) {
  const turns = [];
  let pictures = [];
  const talk = h('div', { class: 'talk', 'aria-live': 'polite' });
  const model = await modelChoice('chat', context.query.get('model'), () => renew());
  const system = h('textarea', { rows: 2, placeholder: 'You are a helpful assistant.' });
  const temperature = input('temperature', { type: 'number', min: 0, max: 2, step: 0.1, placeholder: '1' });
  const most = input('max_tokens', { type: 'number', min: 1, max: 32_000, placeholder: 'Default' });
  const stream = h('input', { type: 'checkbox', checked: true });
  const text = h('textarea', { rows: 3, 'aria-label': 'Message', placeholder: 'Type a message, or drop a picture' });
  const attached = h('div', { class: 'attached' });
  const choose = h('input', {
    type: 'file',
    accept: 'image/*',
    multiple: true,
    class: 'offscreen',
    'aria-label': 'Add pictures',
    onchange: () => attach(choose.files),
  });
  const tabs = codeTabs(samples('chat', body()));

  function content() {
    return pictures.length
      ? [{ type: 'text', text: text.value }, ...pictures.map((url) => ({ type: 'image_url', image_url: { url } }))]
      : text.value;
  }
  function body() {
    const pending =
      text.value || pictures.length
        ? [{ role: 'user', content: content() }]
        : turns.length
          ? []
          : [{ role: 'user', content: 'Hello!' }];
    return {
      model: model.value(),
      messages: [...(system.value ? [{ role: 'system', content: system.value }] : []), ...turns, ...pending],
      ...(temperature.value && { temperature: Number(temperature.value) }),
      ...(most.value && { max_tokens: Number(most.value) }),
      ...(stream.checked && { stream: true, stream_options: { include_usage: true } }),
    };
  }
  const renew = () => tabs.update(samples('chat', body()));
  async function attach(files) {
    pictures.push(...(await Promise.all([...files].filter((file) => file.type.startsWith('image/')).map(dataUri))));
    showAttached();
  }
  function showAttached() {
    put(
      attached,
      pictures.map((url) =>
        h(
          'button',
          {
            type: 'button',
            'aria-label': 'Remove picture',
            onclick: () => {
              pictures = pictures.filter((one) => one !== url);
              showAttached();
            },
          },
          h('img', { src: url, alt: '' }),
          icon('close'),
        ),
      ),
    );
    renew();
  }
  function say(role, words, images = []) {
    const paragraph = h('p', null, words);
    const bubble = h(
      'div',
      { class: `bubble ${role}` },
      h('p', { class: 'role' }, role === 'user' ? 'You' : model.value()),
      images.map((url) => h('img', { src: url, alt: 'Attached picture' })),
      paragraph,
    );
    talk.querySelector('.empty-talk')?.remove();
    talk.append(bubble);
    talk.scrollTop = talk.scrollHeight;
    return { bubble, paragraph };
  }
  function clear() {
    turns.length = 0;
    put(talk, hello());
    renew();
  }

  const control = runner({
    label: 'Send',
    onleave: context.onleave,
    start: async (send) => {
      if (!text.value.trim() && pictures.length === 0) {
        text.focus();
        throw new Error('Type a message first.');
      }
      const sent = body();
      const turn = { role: 'user', content: content() };
      const kept = { words: text.value, pictures };
      const mine = say('user', text.value, pictures);
      text.value = '';
      pictures = [];
      showAttached();
      const theirs = say('assistant', '');
      theirs.bubble.classList.add('typing');
      try {
        const { response, figures } = await send('chat', sent);
        const answer = sent.stream ? await streamed(response, figures, theirs) : await whole(response, figures, theirs);
        turns.push(turn, { role: 'assistant', content: answer });
        tabs.update(samples('chat', sent));
        return { ...figures, took: performance.now() - figures.began };
      } catch (error) {
        if (!theirs.paragraph.textContent) {
          theirs.bubble.remove();
          mine.bubble.remove();
          if (!talk.firstChild) {
            put(talk, hello());
          }
          text.value = kept.words;
          pictures = kept.pictures;
          showAttached();
        } else {
          turns.push(turn, { role: 'assistant', content: theirs.paragraph.textContent });
        }
        throw error;
      } finally {
        theirs.bubble.classList.remove('typing');
      }
    },
  });
  clear();
  const composer = h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        control.run();
      },
      onkeydown: (event) => keys(event, control),
      oninput: () => renew(),
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => {
        event.preventDefault();
        attach(event.dataTransfer.files);
      },
      onpaste: (event) => event.clipboardData.files.length && attach(event.clipboardData.files),
    },
    attached,
    text,
    h(
      'div',
      { class: 'actions' },
      h('label', { class: 'button' }, choose, icon('image'), 'Picture'),
      h('button', { type: 'button', onclick: clear }, 'New chat'),
      h('span', { class: 'grow' }),
      control.buttons,
    ),
  );
  return h(
    'div',
    { class: 'play' },
    h(
      'section',
      { class: 'card' },
      h(
        'form',
        { class: 'stack', oninput: () => renew(), onsubmit: (event) => event.preventDefault() },
        model.element,
        field('Instructions', system, 'Optional'),
        h('div', { class: 'two tight' }, field('Temperature', temperature), field('Most tokens', most)),
        h('label', { class: 'choice' }, stream, h('span', null, 'Stream the answer')),
      ),
    ),
    h('section', { class: 'card chat' }, talk, control.status, composer),
    h(
      'section',
      { class: 'card flush span' },
      h('div', { class: 'card-head pad' }, h('h2', null, 'The same call in code')),
      tabs,
    ),
  );
}

/** Has the end of the talk seen. */
function toEnd(paragraph) {
  const talk = paragraph.closest('.talk');
  talk.scrollTop = talk.scrollHeight;
}

async function whole(response, figures, { paragraph }) {
  const answer = await response.json();
  const words = answer.choices[0].message.content ?? '';
  put(paragraph, words);
  toEnd(paragraph);
  return words;
}

/** Shows words as they come; the last event tells what was charged in the end. */
async function streamed(response, figures, { paragraph }) {
  figures.streamed = true;
  for await (const event of events(response)) {
    const words = event.choices?.[0]?.delta?.content;
    if (words) {
      paragraph.append(words);
      toEnd(paragraph);
    }
    if (event.usage) {
      figures.charged = event.usage.credits_charged ?? figures.charged;
      figures.remaining = event.usage.credits_remaining ?? figures.remaining;
    }
  }
  return paragraph.textContent;
}
