// Bars over days, as inline SVG: no library, one accessible name, and the figures under the pointer or the arrow keys.

import { h, put, s } from './dom.js';
import { amount } from './format.js';

const NARROW = 760;
const HEIGHT = 190;
const HEAD = 18;
const FOOT = 22;

/**
 * Draws bars.
 *
 * @param points [{ label, value, text }]: what stands below a bar, how high it is, and what is told about it
 * @param name what the chart shows, for those who do not see it
 */
export function bars(points, name) {
  // Drawn as wide as it is shown, more or less, so that its words keep their size.
  const isNarrow = window.innerWidth < NARROW;
  const width = isNarrow ? 360 : 960;
  const most = Math.max(...points.map((point) => point.value), 0);
  const top = niceAbove(most);
  const step = width / points.length;
  const high = (value) => (top === 0 ? 0 : (value / top) * (HEIGHT - FOOT - HEAD));
  const readout = h('p', { class: 'chart-readout', 'aria-live': 'polite' }, points.at(-1)?.text ?? '');
  const rects = points.map((point, at) =>
    s('rect', {
      class: 'bar',
      x: at * step + step * 0.14,
      width: Math.max(step * 0.72, 1),
      rx: Math.min(3, step * 0.2),
      y: HEIGHT - FOOT - Math.max(high(point.value), point.value > 0 ? 2 : 0),
      height: Math.max(high(point.value), point.value > 0 ? 2 : 0),
    }),
  );
  const lines = [0, 0.5, 1].map((part) =>
    s('line', {
      class: 'grid',
      x1: 0,
      x2: width,
      y1: HEIGHT - FOOT - high(top * part),
      y2: HEIGHT - FOOT - high(top * part),
    }),
  );
  const every = Math.ceil(points.length / (isNarrow ? 4 : 6));
  const labels = points.map(
    (point, at) =>
      at % every === 0 &&
      s(
        'text',
        { x: at === 0 ? 0 : at * step + step / 2, y: HEIGHT - 5, 'text-anchor': at === 0 ? 'start' : 'middle' },
        point.label,
      ),
  );
  const scale = top > 0 && s('text', { x: 2, y: HEIGHT - FOOT - high(top) - 5 }, amount(top));
  let chosen = points.length - 1;
  const choose = (at) => {
    rects[chosen]?.classList.remove('chosen');
    chosen = Math.min(Math.max(at, 0), points.length - 1);
    rects[chosen]?.classList.add('chosen');
    put(readout, points[chosen]?.text ?? '');
  };
  const drawing = s(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: 'img',
      tabindex: '0',
      'aria-label': `${name}. Use the arrow keys to read single bars.`,
      onpointermove: (event) => choose(Math.floor((event.offsetX / drawing.clientWidth) * points.length)),
      onkeydown: (event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          event.preventDefault();
          choose(chosen + (event.key === 'ArrowLeft' ? -1 : 1));
        }
      },
    },
    lines,
    rects,
    labels.filter(Boolean),
    scale || [],
  );
  choose(chosen);
  return h('figure', { class: 'chart-box' }, readout, drawing);
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function niceAbove(value) {
  if (value <= 0) {
    return 0;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= value) ?? value;
  return Number(nice.toPrecision(6));
}

/** A share as a bar: 0 to 1. */
export function meter(share) {
  return s(
    'svg',
    { class: 'meter', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('rect', { class: 'rail', width: 100, height: 6, rx: 3 }),
    s('rect', {
      class: share >= 1 ? 'fill full' : 'fill',
      width: Math.min(100, Math.max(share * 100, share > 0 ? 1 : 0)),
      height: 6,
      rx: 3,
    }),
  );
}
