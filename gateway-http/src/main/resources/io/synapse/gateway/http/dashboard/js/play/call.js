// One call of the API with the playground's key: what came back, how long it took, and what it cost.

import { ApiError, errorOf } from '../api.js';
import { ENDPOINTS } from '../samples.js';

/** Sends a JSON body or a form; answers the response and its figures. Errors are ApiErrors. */
export async function call(kind, body, key, signal) {
  const isForm = body instanceof FormData;
  const began = performance.now();
  let response;
  try {
    response = await fetch(`/api/v1${ENDPOINTS[kind]}`, {
      method: 'POST',
      signal,
      credentials: 'omit',
      body: isForm ? body : JSON.stringify(body),
      headers: { Authorization: `Bearer ${key}`, ...(isForm ? {} : { 'Content-Type': 'application/json' }) },
    });
  } catch (error) {
    throw error.name === 'AbortError'
      ? error
      : new ApiError(0, { type: 'unreachable', message: 'The server cannot be reached, or the connection broke off.' });
  }
  if (!response.ok) {
    throw await errorOf(response);
  }
  const headers = response.headers;
  return {
    response,
    figures: {
      began,
      first: performance.now() - began,
      requestId: headers.get('X-Request-Id'),
      charged: headers.get('X-Credits-Charged'),
      remaining: headers.get('X-Credits-Remaining'),
    },
  };
}

/** The events of a stream, each the JSON that it holds; an error among them is thrown. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      throw new ApiError(
        0,
        { type: 'cut', message: 'The stream broke off before its end.' },
        response.headers.get('X-Request-Id'),
      );
    }
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trim())
        .join('\n');
      if (data === '[DONE]') {
        return;
      }
      if (data) {
        const event = JSON.parse(data);
        if (event.error) {
          throw new ApiError(response.status, event.error, response.headers.get('X-Request-Id'));
        }
        yield event;
      }
    }
  }
}
