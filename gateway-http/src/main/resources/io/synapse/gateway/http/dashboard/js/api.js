// The account API: JSON over the session's cookie, with the CSRF token on everything that changes something.

import { remember, remembered } from './storage.js';

/** An answer that is an error, in the words of the API's envelope. */
export class ApiError extends Error {
  constructor(status, error, requestId) {
    super(error?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.type = error?.type ?? 'unknown';
    this.param = error?.param ?? null;
    this.requestId = error?.request_id ?? requestId;
  }
}

/** Reads what an error response says; what is not the API's envelope is told by its status. */
export async function errorOf(response) {
  const requestId = response.headers.get('X-Request-Id');
  try {
    return new ApiError(response.status, (await response.json()).error, requestId);
  } catch {
    return new ApiError(response.status, null, requestId);
  }
}

/** Who is signed in: null if nobody is. */
export const session = { me: null };

const SLOT = 'synapse.signed-in';

/** Whether this browser signed in before: strangers need not be asked for at every visit. */
export const mayBeSignedIn = () => remembered(SLOT) !== null;

/** Notes who is signed in, or that nobody is. */
export function signedIn(me) {
  session.me = me;
  remember(SLOT, me && 'yes');
  return me;
}

async function send(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (method !== 'GET' && session.me) {
    headers['X-CSRF-Token'] = session.me.csrf_token;
  }
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new ApiError(0, {
      type: 'unreachable',
      message: 'The server cannot be reached. Check your connection and try again.',
    });
  }
  if (!response.ok) {
    const error = await errorOf(response);
    if (error.status === 401 && session.me) {
      signedIn(null);
      window.dispatchEvent(new CustomEvent('signed-out', { detail: 'expired' }));
    }
    throw error;
  }
  return response.status === 204 ? null : response.json();
}

/** A path with the parameters that have a value. */
export function withQuery(path, params) {
  const query = new URLSearchParams(
    Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
  return query.size ? `${path}?${query}` : path;
}

export const get = (path, params = {}) => send('GET', withQuery(path, params));
export const post = (path, body = {}) => send('POST', path, body);
export const patch = (path, body) => send('PATCH', path, body);
export const remove = (path) => send('DELETE', path);

/** Finds out who is signed in. */
export async function loadMe() {
  try {
    return signedIn(await get('/api/account/me'));
  } catch (error) {
    if (error.status !== 401) {
      throw error;
    }
    return signedIn(null);
  }
}

/** The models of a modality, those of the sandbox last. */
export async function modelsOf(modality) {
  const all = (await catalog()).filter((model) => model.modality === modality);
  return [
    ...all.filter((model) => model.provider !== 'sandbox'),
    ...all.filter((model) => model.provider === 'sandbox'),
  ];
}

let models;

/** Every model on offer with its price, fetched once. */
export function catalog() {
  models ??= get('/api/catalog').then(
    (list) => list.data,
    (error) => {
      models = undefined;
      throw error;
    },
  );
  return models;
}
