// Amounts, times and names as people read them. Amounts stay decimal strings: a float would lose what a ledger must not.

const SCALE = 6;

/** A decimal string in micro-credits. */
export function micros(amount) {
  const [whole, fraction = ''] = String(amount).replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(SCALE, '0').slice(0, SCALE));
  return String(amount).startsWith('-') ? -value : value;
}

/** Micro-credits as a decimal string. */
export function fromMicros(value) {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return (value < 0n ? '-' : '') + digits.slice(0, -SCALE) + (fraction ? `.${fraction}` : '');
}

export const sum = (amounts) => fromMicros(amounts.reduce((total, amount) => total + micros(amount), 0n));

/** An exact amount with its thousands set apart: 1,234.5. */
export function amount(value) {
  const [whole, fraction] = String(value).split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '');
}

/** An amount with its unit: 1 credit, 2.5 credits. */
export const credits = (value) => `${amount(value)} ${String(value) === '1' ? 'credit' : 'credits'}`;

/** An amount cut to two decimals, or two digits if it is below one, for headings; the exact one belongs beside it. */
export function short(value) {
  const [whole, fraction = ''] = String(value).split('.');
  if (!fraction || whole.length >= 6) {
    return amount(whole);
  }
  return whole === '0' ? `0.${fraction.match(/^0*\d{1,2}/)[0]}` : `${amount(whole)}.${fraction.slice(0, 2).padEnd(2, '0')}`;
}

/** A number with its noun: 1 request, 2 requests. */
export const counted = (number, noun) => `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}`;

const TIME = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const FULL_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const time = (iso) => TIME.format(new Date(iso));
export const day = (isoDay) => DAY.format(new Date(`${isoDay}T00:00:00Z`));
export const date = (iso) => FULL_DAY.format(new Date(iso));
export const count = (number) => Number(number).toLocaleString('en');
export const isoDay = (when) => new Date(when).toISOString().slice(0, 10);

/** Days from one to another, both included, as 2026-11-21. */
export function days(from, to) {
  const list = [];
  for (let at = Date.parse(from); at <= Date.parse(to) && list.length < 400; at += 86_400_000) {
    list.push(isoDay(at));
  }
  return list;
}

export const duration = (millis) =>
  millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s`;

export const bytes = (size) =>
  size < 1024
    ? `${size} B`
    : size < 1_048_576
      ? `${(size / 1024).toFixed(0)} KB`
      : `${(size / 1_048_576).toFixed(1)} MB`;

/** What a quantity of usage is: "1,204 input tokens", "2.5 s". */
export function usage(quantities) {
  return Object.entries(quantities ?? {})
    .map(([unit, quantity]) =>
      unit === 'milliseconds'
        ? `${count(quantity / 1000)} s`
        : `${count(quantity)} ${quantity === 1 ? unit.replaceAll('_', ' ').replace(/s$/, '') : unit.replaceAll('_', ' ')}`,
    )
    .join(', ');
}

export const MODALITIES = {
  'text-generation': 'Text generation',
  'image-to-text': 'Image to text',
  'text-to-image': 'Text to image',
  'image-to-image': 'Image to image',
  'text-to-video': 'Text to video',
  'text-to-speech': 'Text to speech',
  'speech-to-text': 'Speech to text',
  embeddings: 'Embeddings',
};

const PER = { tokens: '1M tokens', seconds: 'second', characters: 'character', images: 'image', requests: 'request' };

/** The parts of a model's price: [["input", "75", "1M tokens"], …]. */
export function priceParts(pricing) {
  const named = Object.entries(pricing).filter(
    ([name]) => name !== 'unit' && name !== 'variants' && name !== 'request',
  );
  const parts = named.map(([name, value]) => [name.replaceAll('_', ' '), amount(value), PER[pricing.unit]]);
  if (pricing.request !== undefined) {
    parts.push(['request', amount(pricing.request), 'request']);
  }
  return parts;
}

/** A price in a line: "75 in, 300 out per 1M tokens". */
export function price(pricing) {
  const parts = priceParts(pricing);
  if (parts.every(([, value]) => value === '0')) {
    return 'free';
  }
  const main = parts.filter(([name]) => name === 'input' || name === 'output');
  if (pricing.unit === 'tokens' && main.length) {
    return `${main.map(([name, value]) => `${value} ${name}`).join(', ')} per 1M tokens`;
  }
  const [, value, per] = parts[0];
  return `${pricing.variants ? 'from ' : ''}${pricing.variants ? cheapest(pricing) : value} per ${per}`;
}

function cheapest(pricing) {
  const all = [pricing, ...pricing.variants].map((one) => one.output ?? one.input ?? one.request).filter(Boolean);
  return amount(all.reduce((least, next) => (micros(next) < micros(least) ? next : least)));
}
