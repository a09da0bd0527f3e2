// What is wrong with the page as it is shown: a list of sentences.
() => {
  const faults = [];
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colours = new Map();

  /** A colour of any notation as red, green, blue and alpha, each 0 to 1. */
  function rgba(colour) {
    if (!colours.has(colour)) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = colour;
      paint.fillRect(0, 0, 1, 1);
      colours.set(colour, [...paint.getImageData(0, 0, 1, 1).data].map((part) => part / 255));
    }
    return colours.get(colour);
  }

  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);

  /** What stands behind an element: the grounds of all that it is in, laid over each other. */
  function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      layers.unshift(layer);
      if (layer[3] === 1) {
        break;
      }
    }
    const paper = matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0, 1] : [1, 1, 1, 1];
    return layers.reduce((below, top) => over(top, below), paper);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  const within = document.querySelector('dialog[open]') ?? document.body;
  const isSeen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    && element.getBoundingClientRect().width > 1;
  const words = (text) => `“${text.trim().replace(/\s+/g, ' ').slice(0, 60)}”`;

  function checkContrast(element, colour, text) {
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const behind = ground(element);
    const found = contrast(over(rgba(colour), behind), behind);
    if (found < least) {
      faults.push(`${words(text)} has a contrast of ${found.toFixed(2)}, not ${least}: ${colour}, ${element.outerHTML.slice(0, 120)}`);
    }
  }

  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.data;
    const element = texts.currentNode.parentElement;
    // What cannot be used need not be read as well (WCAG 1.4.3).
    if (text.trim() && isSeen(element) && !element.closest(':disabled, noscript, option')) {
      const style = getComputedStyle(element);
      checkContrast(element, element instanceof SVGElement ? style.fill : style.color, text);
    }
  }
  for (const control of within.querySelectorAll('input, select, textarea, button, a[href]')) {
    if (!isSeen(control)) {
      continue;
    }
    if (control.placeholder) {
      checkContrast(control, getComputedStyle(control, '::placeholder').color, control.placeholder);
    }
    const name = control.getAttribute('aria-label') ?? control.labels?.[0]?.innerText ?? (control.innerText || control.title);
    if (!name?.trim()) {
      faults.push(`a control without a name: ${control.outerHTML.slice(0, 160)}`);
    }
  }

  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide, the screen ${innerWidth}`);
    for (const element of document.body.querySelectorAll('*')) {
      if (element.getBoundingClientRect().right > innerWidth + 1 && element.children.length === 0) {
        faults.push(`too far right: ${element.outerHTML.slice(0, 160)}`);
      }
    }
  }
  for (const box of within.querySelectorAll('.table-wrap')) {
    // Only a table whose columns are as many as its rows may have more than there is room for.
    if (box.scrollWidth > box.clientWidth && !box.querySelector('.matrix')) {
      faults.push(`a table is ${box.scrollWidth} wide, and there are ${box.clientWidth}: ${words(box.innerText)}`);
    }
  }
  for (const element of within.querySelectorAll('*')) {
    const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1;
    if (isCut && isSeen(element) && !element.matches('input, .offscreen') && ['hidden', 'clip'].includes(getComputedStyle(element).overflowX)
      && !element.title && !element.closest('[title]')) {
      faults.push(`cut off: ${element.outerHTML.slice(0, 160)}`);
    }
  }

  const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')].filter(isSeen).map((one) => Number(one.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) {
    faults.push(`there are ${levels.filter((level) => level === 1).length} headings of the first level`);
  }
  levels.forEach((level, at) => at > 0 && level > levels[at - 1] + 1 && faults.push(`a heading of level ${level} below one of ${levels[at - 1]}`));
  for (const picture of within.querySelectorAll('img:not([alt])')) {
    faults.push(`a picture without words: ${picture.outerHTML.slice(0, 160)}`);
  }
  return faults;
}
