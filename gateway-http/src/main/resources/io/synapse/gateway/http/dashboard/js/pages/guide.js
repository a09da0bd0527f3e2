// The words of the documentation, and the tables that are not of an endpoint.

import { h } from '../dom.js';
import { table } from '../tables.js';
import { codeBox } from '../ui.js';

const p = (...words) => h('p', null, words);
const c = (text) => h('code', null, text);
const list = (...points) =>
  h(
    'ul',
    { class: 'plain' },
    points.map((point) => h('li', null, point)),
  );

const HEADERS = [
  ['X-Request-Id', 'Every response. Names the request in receipts, in the dashboard and when you ask for help.'],
  [
    'X-Credits-Charged',
    'Credits that the call cost. In a stream: what was reserved; the last chunk’s usage tells the rest.',
  ],
  ['X-Credits-Remaining', 'Your balance after it.'],
  [
    'RateLimit-Limit, -Remaining, -Reset',
    'The key’s requests per minute, how many are left, and in how many seconds there are more.',
  ],
  ['Retry-After', 'Seconds to wait before trying again, where waiting helps.'],
  ['Idempotent-Replayed', 'true where the answer is that of an earlier call with the same idempotency key.'],
];

/** The chapters: { id, title, content() }. The first stands before the endpoints, the others after. */
export const GUIDE = [
  {
    id: 'authentication',
    title: 'Authentication',
    content: () => [
      p(
        'Send a key as a bearer token with every request. Keys are stored as one-way hashes: if one is lost, revoke it and make another.',
      ),
      codeBox('Authorization: Bearer mmg_live_…', 'Header'),
      h(
        'div',
        { class: 'card flush' },
        table(
          [
            { head: 'Prefix', cell: ([prefix]) => c(prefix) },
            { head: 'What it is', cell: ([, about]) => about },
          ],
          [
            ['mmg_live_', 'A live key of your default project'],
            ['mg_live_', 'A live key of another project, with its cap and its models'],
            ['mmg_test_, mg_test_', 'A test key: the sandbox answers, test credits pay'],
          ],
        ),
      ),
      list(
        'Never put a key into a browser, a mobile app or a repository. Call from your own server.',
        'One key for each environment, with an expiry where that fits.',
        'Revoke what you do not use.',
      ),
    ],
  },
  {
    id: 'test-keys',
    title: 'Test keys',
    content: () => [
      p(
        'A test key reaches a built-in sandbox for every model: real validation, limits, reservations and headers, deterministic answers of the right kind, and no provider behind it. Its credits cost nothing and are ',
        h('a', { href: '/dashboard/credits' }, 'refilled'),
        ' at will.',
      ),
      p('Faults come on demand, by the model’s suffix:'),
      list(
        [c('llama-3.1-8b:error-429'), ' and ', c(':error-500'), ': the upstream fails; you get a 502'],
        [c(':timeout'), ': a 504 after the longest wait'],
        [c(':cut'), ': the stream breaks off in the middle'],
        [c(':slow-2000'), ': the answer takes two seconds longer'],
      ),
    ],
  },
  {
    id: 'billing',
    title: 'Billing',
    content: () => [
      p(
        'Credits are prepaid. Each call first reserves the worst it can cost, then settles what was really used and returns the rest. The balance never goes below zero, however many calls run at once.',
      ),
      h(
        'div',
        { class: 'card flush' },
        table(
          [
            { head: 'Header', cell: ([name]) => c(name) },
            { head: 'Meaning', cell: ([, about]) => about },
          ],
          HEADERS,
        ),
      ),
      list(
        'What is billed depends on the model: tokens, seconds, characters, images or requests. Each model’s price stands in the model list.',
        'A call that fails costs nothing. Whoever hangs up pays for what the model had made until then.',
        'Answers with a usage object hold credits_charged and credits_remaining in it, too.',
        'Without a max_tokens the output is bounded by what your balance affords.',
        'Amounts are exact decimals: 12.5, 0.000125.',
      ),
    ],
  },
  {
    id: 'idempotency',
    title: 'Idempotency',
    content: () => [
      p(
        'Give a call a name of your own, and sending it again does not run it again: the answer of the first call comes back, marked ',
        c('Idempotent-Replayed: true'),
        ', and costs nothing more.',
      ),
      codeBox('Idempotency-Key: 01J9Z8M4T2XQ…', 'Header'),
      list(
        [c('x-mg-idempotency-key'), ' means the same.'],
        '1 to 255 visible ASCII characters; kept for 24 hours, within your project.',
        'If the connection is lost, or the wait ends in a 504, the call goes on: send it again with the same key to collect its answer.',
        'The same key with another request is a 422. After an error the key is free again.',
      ),
    ],
  },
  {
    id: 'limits',
    title: 'Rate limits',
    content: () => [
      p(
        '60 requests a minute for each key, unless the key has a limit of its own. Refused requests do not count. A 429 tells in ',
        c('Retry-After'),
        ' how long to wait; official SDKs do that by themselves.',
      ),
    ],
  },
  {
    id: 'production',
    title: 'In production',
    content: () => [
      list(
        'Call the gateway from your own server: a key in a browser or an app can be taken out of it.',
        ['Ask ', c('GET /models'), ' for names, prices and limits at runtime instead of writing them into your code.'],
        ['Expect a ', c('402'), ' and a ', c('429'), ': ask for a top-up, or wait as long as ', c('Retry-After'), ' says.'],
        'Name large pictures by an https URL; send base64 where they cannot be reached.',
        ['Log ', c('X-Request-Id'), ' and ', c('X-Credits-Charged'), ' beside your own ids: usage and receipts bear the same.'],
        ['Send an ', c('Idempotency-Key'), ' with whatever must not run twice.'],
      ),
    ],
  },
];

/** [HTTP status, type, code, when and what to do]. */
export const ERRORS = [
  [400, 'invalid_request', 'BAD_REQUEST', 'The body fails validation. param names the field.'],
  [
    400,
    'modality_mismatch',
    'MODALITY_MISMATCH',
    'The model does not serve this endpoint. Choose one of the right modality.',
  ],
  [401, 'unauthorized', 'UNAUTHORIZED', 'Missing, malformed, unknown, expired or revoked key.'],
  [402, 'insufficient_credits', 'INSUFFICIENT_CREDITS', 'The balance cannot cover the request. Top up.'],
  [
    402,
    'budget_exceeded',
    'BUDGET_EXCEEDED',
    'The project’s spend cap is reached. Raise it, or wait for the next month.',
  ],
  [403, 'model_not_allowed', 'MODEL_NOT_ALLOWED', 'The project’s allowlist does not hold the model.'],
  [404, 'model_not_found', 'MODEL_NOT_FOUND', 'Unknown or disabled model. Look it up in the list.'],
  [404, 'not_found', 'NOT_FOUND', 'Unknown route or receipt.'],
  [405, 'method_not_allowed', 'METHOD_NOT_ALLOWED', 'See the Allow header.'],
  [
    409,
    'idempotency_in_progress',
    'IDEMPOTENCY_IN_PROGRESS',
    'The first call with this key still runs. Ask again after Retry-After.',
  ],
  [413, 'payload_too_large', 'PAYLOAD_TOO_LARGE', 'The body is over the endpoint’s limit.'],
  [
    415,
    'unsupported_media_type',
    'UNSUPPORTED_MEDIA_TYPE',
    'The wrong Content-Type. Transcriptions are forms, the others JSON.',
  ],
  [422, 'idempotency_mismatch', 'IDEMPOTENCY_MISMATCH', 'The idempotency key was used for another request.'],
  [429, 'rate_limited', 'RATE_LIMITED', 'The key’s requests per minute are used up. Wait for Retry-After.'],
  [500, 'internal_error', 'INTERNAL_ERROR', 'A fault of the gateway. Nothing was charged.'],
  [502, 'provider_error', 'PROVIDER_ERROR', 'The upstream failed. Retry with growing pauses.'],
  [
    503,
    'provider_not_configured',
    'PROVIDER_NOT_CONFIGURED',
    'The model’s provider has no credentials on this deployment. Choose another, or use a test key.',
  ],
  [503, 'overloaded', 'OVERLOADED', 'The gateway sheds load. Retry after a pause.'],
  [
    504,
    'upstream_timeout',
    'UPSTREAM_TIMEOUT',
    'The upstream did not answer in time. Retry with the same idempotency key.',
  ],
];

/** OpenAI's libraries, pointed here. */
export function sdkSamples(base) {
  return {
    curl: `curl ${base}/chat/completions \\\n  -H "Authorization: Bearer $MMG_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"model":"llama-3.1-8b","messages":[{"role":"user","content":"Hello!"}]}'`,
    javascript: `import OpenAI from "openai";\n\nconst client = new OpenAI({\n  apiKey: process.env.MMG_API_KEY,\n  baseURL: "${base}",\n});\n\nconst completion = await client.chat.completions.create({\n  model: "llama-3.1-8b",\n  messages: [{ role: "user", content: "Hello!" }],\n});\n\nconsole.log(completion.choices[0].message.content);`,
    python: `import os\nfrom openai import OpenAI\n\nclient = OpenAI(\n    api_key=os.environ["MMG_API_KEY"],\n    base_url="${base}",\n)\n\ncompletion = client.chat.completions.create(\n    model="llama-3.1-8b",\n    messages=[{"role": "user", "content": "Hello!"}],\n)\n\nprint(completion.choices[0].message.content)`,
    java: `import com.openai.client.okhttp.OpenAIOkHttpClient;\nimport com.openai.models.chat.completions.ChatCompletionCreateParams;\n\nvar client = OpenAIOkHttpClient.builder()\n    .apiKey(System.getenv("MMG_API_KEY"))\n    .baseUrl("${base}")\n    .build();\n\nvar completion = client.chat().completions().create(\n    ChatCompletionCreateParams.builder()\n        .model("llama-3.1-8b")\n        .addUserMessage("Hello!")\n        .build());\n\ncompletion.choices().getFirst().message().content().ifPresent(System.out::println);`,
  };
}
