// Files that are dropped, pasted or chosen.

import { h, icon, put } from '../dom.js';
import { bytes } from '../format.js';

/** A file as a data: URI. */
export function dataUri(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}

/** Where a file is dropped; `onfile` gets it. */
export function dropZone(label, accept, onfile) {
  const words = h('span', null, label);
  const picture = h('img', { alt: '', hidden: true });
  let shown = null;
  const choose = h('input', { type: 'file', accept, class: 'offscreen', onchange: () => take(choose.files[0]) });
  function take(file) {
    if (!file) {
      return;
    }
    put(words, `${file.name || 'picture'}, ${bytes(file.size)}`);
    if (shown) {
      URL.revokeObjectURL(shown);
    }
    picture.hidden = !file.type.startsWith('image/');
    if (!picture.hidden) {
      shown = URL.createObjectURL(file);
      picture.src = shown;
    }
    onfile(file);
  }
  const zone = h(
    'label',
    {
      class: 'drop-zone',
      ondragover: (event) => {
        event.preventDefault();
        zone.classList.add('over');
      },
      ondragleave: () => zone.classList.remove('over'),
      ondrop: (event) => {
        event.preventDefault();
        zone.classList.remove('over');
        take(event.dataTransfer.files[0]);
      },
      onpaste: (event) => take([...event.clipboardData.files][0]),
    },
    choose,
    picture,
    icon(accept.startsWith('image') ? 'image' : 'sound'),
    words,
  );
  return { element: zone, take };
}

/** Bytes in base64 as a file. */
export function fromBase64(base64, type, name) {
  return new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type });
}
