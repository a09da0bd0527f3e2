import { h, icon } from '../dom.js';
import { heading } from '../ui.js';
import { keyBar } from './key.js';
import { KINDS } from './kinds.js';

const PANELS = {
  chat: () => import('./chat.js'),
  captions: () => import('./captions.js'),
  images: () => import('./images.js'),
  edits: () => import('./edits.js'),
  videos: () => import('./videos.js'),
  speech: () => import('./speech.js'),
  transcriptions: () => import('./transcriptions.js'),
  embeddings: () => import('./embeddings.js'),
};

export async function render(context) {
  const kind = PANELS[context.params.kind] ? context.params.kind : 'chat';
  const made = await PANELS[kind]();
  return [
    heading(
      'Playground',
      'Every call here is a real one: the same request, receipt and errors that your program gets.',
    ),
    keyBar(),
    h(
      'nav',
      { class: 'kinds', 'aria-label': 'Kind of call' },
      KINDS.map(([name, words, picture]) =>
        h(
          'a',
          { href: `/dashboard/playground/${name}`, 'aria-current': name === kind ? 'page' : null },
          icon(picture),
          words,
        ),
      ),
    ),
    await made.panelOf(context),
  ];
}
