// Bars over days, as inline SVG: no library, one accessible name, and the figures under the pointer or the arrow keys.

import { h, put, s } from './dom.js';
import { amount } from './format.js';

const USUAL_WIDTH = 960;
const HEIGHT = 200;
const HEAD = 20;
const FOOT = 24;
const LABEL_WIDTH = 90;
const DIGIT_WIDTH = 7;

/**
 * Draws bars, as wide as they are shown, so that their words keep their size.
 *
 * @param points [{ label, value, text }]: what stands below a bar, how high it is, and what is told about it
 * @param about `name`: what the chart shows, for those who do not see it; `unit`: of the values; `none`: what is said
 *   where every value is zero
 */
export function bars(points, { name, unit, none }) {
  const top = niceAbove(Math.max(...points.map((point) => point.value), 0));
  const left = top === 0 ? 0 : DIGIT_WIDTH * Math.max(scale(top).length, scale(top / 2).length) + 6;
  const readout = h('p', { class: 'chart-readout', 'aria-live': 'polite' });
  const box = h('div');
  let rects = [];
  let chosen = points.length - 1;
  const choose = (at) => {
    rects[chosen]?.classList.remove('chosen');
    chosen = Math.min(Math.max(at, 0), points.length - 1);
    rects[chosen]?.classList.add('chosen');
    put(readout, points[chosen]?.text ?? '');
  };
  const draw = (width) => {
    rects = rectsOf(points, top, left, width - left);
    const drawing = s(
      'svg',
      {
        class: 'chart',
        viewBox: `0 0 ${width} ${HEIGHT}`,
        role: 'img',
        tabindex: '0',
        'aria-label': `${name}. Use the arrow keys to read single bars.`,
        onpointermove: (event) => choose(Math.floor(((event.offsetX - left) / (drawing.clientWidth - left)) * points.length)),
        onkeydown: (event) => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
            event.preventDefault();
            choose(chosen + (event.key === 'ArrowLeft' ? -1 : 1));
          }
        },
      },
      grid(top, unit, width),
      rects,
      daysBelow(points, left, width),
      top === 0 ? s('text', { x: width / 2, y: HEIGHT / 2, 'text-anchor': 'middle' }, none) : [],
    );
    put(box, drawing);
    choose(chosen);
  };
  draw(USUAL_WIDTH);
  let drawn = USUAL_WIDTH;
  new ResizeObserver(() => {
    if (box.clientWidth > 0 && box.clientWidth !== drawn) {
      drawn = box.clientWidth;
      draw(drawn);
    }
  }).observe(box);
  return h('figure', { class: 'chart-box' }, readout, box);
}

const scale = (value) => amount(Number(value.toPrecision(6)));
const high = (value, top) => (top === 0 ? 0 : (value / top) * (HEIGHT - FOOT - HEAD));

function rectsOf(points, top, left, width) {
  const step = width / points.length;
  return points.map((point, at) => {
    // What is not nothing is seen.
    const height = Math.max(high(point.value, top), point.value > 0 ? 2 : 0);
    return s('rect', {
      class: 'bar',
      x: left + at * step + step * 0.14,
      width: Math.max(step * 0.72, 1),
      rx: Math.min(3, step * 0.2),
      y: HEIGHT - FOOT - height,
      height,
    });
  });
}

function grid(top, unit, width) {
  return (top === 0 ? [0] : [0, 0.5, 1]).flatMap((part) => {
    const y = HEIGHT - FOOT - high(top * part, top);
    return [
      s('line', { class: 'grid', x1: 0, x2: width, y1: y, y2: y }),
      ...(part === 0
        ? []
        : [s('text', { x: 0, y: y - 5 }, part === 1 ? `${scale(top)} ${unit}` : scale(top * part))]),
    ];
  });
}

/** The first day and the last, and as many between as there is room for. */
function daysBelow(points, left, width) {
  const step = (width - left) / points.length;
  const every = Math.ceil(points.length / Math.max(2, Math.floor((width - left) / LABEL_WIDTH)));
  const last = points.length - 1;
  return points.flatMap((point, at) => {
    const isShown = at === last || (at % every === 0 && (last - at) * step > LABEL_WIDTH * 0.8);
    if (!isShown) {
      return [];
    }
    const anchor = at === 0 ? 'start' : at === last ? 'end' : 'middle';
    const x = { start: left, middle: left + at * step + step / 2, end: width }[anchor];
    return [s('text', { x, y: HEIGHT - 6, 'text-anchor': anchor }, point.label)];
  });
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
      class: 'fill',
      width: Math.min(100, Math.max(share * 100, share > 0 ? 1 : 0)),
      height: 6,
      rx: 3,
    }),
  );
}
