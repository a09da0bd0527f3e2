import { h, icon, put } from '../dom.js';
import { duration } from '../format.js';
import { copyButton, field, input, select, toast } from '../ui.js';
import { dropZone } from './files.js';
import { mistake, panel } from './panel.js';
import { record } from './recorder.js';

export function panelOf(context) {
  let audio = null;
  const player = h('audio', { controls: true, hidden: true });
  const zone = dropZone('Drop a recording here, or choose one', 'audio/*,video/mp4,video/webm', (file) => {
    audio = file;
    player.src = URL.createObjectURL(file);
    player.hidden = false;
  });
  const language = input('language', { maxlength: 16, placeholder: 'Found out' });
  const format = select('response_format', ['json', 'text', 'verbose_json', 'srt', 'vtt']);
  const words = () => ({ ...(language.value && { language: language.value }), response_format: format.value });
  return panel('transcriptions', context, {
    about: 'Give it a recording, or speak, and read what was said.',
    label: 'Transcribe',
    controls: [
      zone.element,
      microphone(zone.take),
      player,
      h('div', { class: 'two tight' }, field('Language', language, 'Such as en or de'), field('Format', format)),
    ],
    check: () => {
      if (!audio) {
        throw mistake('Choose a recording first, or record one.');
      }
    },
    body: () => {
      const form = new FormData();
      Object.entries(words()).forEach(([name, value]) => form.set(name, value));
      if (audio) {
        form.set('file', audio, audio.name);
      }
      return form;
    },
    code: words,
    show: (answer, box) => {
      const text =
        typeof answer === 'string' ? answer : format.value === 'json' ? answer.text : JSON.stringify(answer, null, 2);
      box.append(
        format.value === 'json' ? h('p', { class: 'answer' }, text) : h('pre', { tabindex: '0' }, text),
        h('div', { class: 'actions' }, copyButton(text)),
      );
    },
  });
}

/** A button that records from the microphone until it is pressed again. */
function microphone(take) {
  let running = null;
  let ticking;
  const button = h('button', { type: 'button' }, icon('mic'), 'Record');
  const face = (...words) => put(button, ...words);
  async function stop() {
    clearInterval(ticking);
    const recording = running;
    running = null;
    face(icon('mic'), 'Record again');
    take(await recording.stop());
  }
  button.addEventListener('click', async () => {
    if (running) {
      await stop();
      return;
    }
    try {
      running = await record();
    } catch (error) {
      toast(
        error.name === 'NotAllowedError'
          ? 'The browser was not allowed to use the microphone.'
          : `The microphone cannot be used: ${error.message}`,
        'bad',
      );
      return;
    }
    const began = performance.now();
    ticking = setInterval(() => face(icon('stop'), `Stop, ${duration(performance.now() - began)}`), 200);
  });
  return button;
}
