// The documentation: a guide in words, and a reference that is read from the OpenAPI description, so that both agree.

import { get, modelsOf } from '../api.js';
import { h } from '../dom.js';
import { MODALITIES } from '../format.js';
import { PLAY } from '../play/kinds.js';
import { example, samples } from '../samples.js';
import { codeTabs } from '../tabs.js';
import { table } from '../tables.js';
import { codeBox, copyable, heading } from '../ui.js';
import { fieldTable } from './fields.js';
import { ERRORS, GUIDE, sdkSamples } from './guide.js';
import { modelPick } from './pick.js';

const base = () => `${location.origin}/api/v1`;

export async function render({ me }) {
  const description = await get('/api/v1/openapi.json');
  const models = (await Promise.all(Object.keys(PLAY).map(modelsOf))).flat();
  const endpoints = Object.entries(PLAY).map(([modality, kind]) => endpoint(kind, modality, description, models, me));
  const sections = [
    quickStart(models),
    ...GUIDE.slice(0, 1).map(chapter),
    sdk(),
    modelList(description),
    ...endpoints,
    ...GUIDE.slice(1).map(chapter),
    errors(),
    receipts(description),
  ];
  return [
    h(
      'div',
      { class: 'docs' },
      h(
        'div',
        { class: 'doc' },
        h(
          'div',
          { class: 'stack' },
          heading(
            'Documentation',
            'An OpenAI-compatible REST API over eight modalities. Point your SDK or HTTP client at the base URL and bring a key.',
          ),
          h('p', null, h('span', { class: 'muted' }, 'Base URL '), copyable(base())),
          contents(sections, true),
        ),
        sections,
      ),
      contents(sections, false),
    ),
  ];
}

/** Where the sections are: beside them, or above them and folded where there is no room beside. */
function contents(sections, folded) {
  const links = sections.map((section) => h('a', { href: `#${section.id}` }, section.querySelector('h2').textContent));
  return h(
    'nav',
    { class: folded ? 'toc folded' : 'toc', 'aria-label': 'On this page' },
    folded ? h('details', { class: 'card flush' }, h('summary', { class: 'pad' }, 'On this page'), links) : links,
  );
}

const section = (id, title, ...content) => h('section', { id }, h('h2', null, title), content);

function quickStart(models) {
  const tabs = codeTabs({});
  const picker = modelPick(
    models.filter((model) => model.modality === 'text-generation'),
    (id) => tabs.update(samples('chat', example('chat', id))),
  );
  return section(
    'quick-start',
    'Quick start',
    h(
      'div',
      { class: 'steps' },
      step(
        'Create an account',
        h(
          'span',
          null,
          h('a', { href: '/signup' }, 'Sign up'),
          ': new accounts get starter credits, and test credits that cost nothing.',
        ),
      ),
      step(
        'Make an API key',
        h(
          'span',
          null,
          'Open ',
          h('a', { href: '/dashboard/keys?new' }, 'API keys'),
          ' and create one. It is shown once: copy it. A test key is the cheapest way to begin.',
        ),
      ),
      step(
        'Store it safely',
        h(
          'span',
          null,
          'Set ',
          h('code', null, 'MMG_API_KEY'),
          ' where your server keeps its secrets. Never commit it, and never ship it to browsers.',
        ),
      ),
      step(
        'Send a request',
        h(
          'span',
          null,
          'Paste the call below. The headers ',
          h('code', null, 'X-Credits-Charged'),
          ' and ',
          h('code', null, 'X-Credits-Remaining'),
          ' tell what it cost.',
        ),
      ),
    ),
    codeBox('export MMG_API_KEY=mmg_test_…', 'Shell'),
    picker,
    tabs,
    h(
      'p',
      null,
      'The answer stands in ',
      h('code', null, 'choices[0].message.content'),
      ', its price in the headers ',
      h('code', null, 'X-Credits-Charged'),
      ' and ',
      h('code', null, 'X-Credits-Remaining'),
      '.',
    ),
  );
}

const step = (title, about) => h('div', { class: 'card' }, h('h3', null, title), h('p', { class: 'muted' }, about));

const chapter = ({ id, title, content }) => section(id, title, content());

function sdk() {
  return section(
    'sdks',
    'SDKs',
    h(
      'p',
      null,
      'Use OpenAI’s own libraries and change two things: the base URL and the key. Retries, streaming, tools and types work as they do there.',
    ),
    codeTabs(sdkSamples(base())),
  );
}

function modelList(description) {
  return section(
    'models',
    'Models',
    h(
      'p',
      null,
      'Ask for the list at runtime instead of writing names into your code. Any ',
      h('code', null, 'id'),
      ' or alias works as “model”; filters are ',
      h('code', null, '?modality='),
      ' and ',
      h('code', null, '?provider='),
      '. ',
      h('a', { href: '/dashboard/models' }, 'Browse them'),
      '.',
    ),
    verb('GET', '/models'),
    codeBox(`curl ${base()}/models -H "Authorization: Bearer $MMG_API_KEY"`, 'curl'),
    h('h3', null, 'Each entry'),
    fieldTable(description.components.schemas.Model, description, true),
  );
}

const verb = (method, path) =>
  h('div', { class: 'endpoint' }, h('span', { class: 'verb' }, method), copyable(`/api/v1${path}`));

function endpoint(kind, modality, description, models, me) {
  const [path, { post: operation }] = Object.entries(description.paths).find(([, one]) => one.post?.tags[0] === kind);
  const content = operation.requestBody.content;
  const tabs = codeTabs({});
  const answer = operation.responses['200'].content['application/json']?.schema;
  return section(
    kind,
    MODALITIES[modality],
    h('p', null, operation.description),
    verb('POST', path),
    h('h3', null, content['application/json'] ? 'Request body, JSON' : 'Request body, multipart/form-data'),
    fieldTable((content['application/json'] ?? content['multipart/form-data']).schema, description),
    content['application/json'] &&
      content['multipart/form-data'] &&
      h('p', { class: 'muted' }, 'As multipart/form-data the pictures are files, and the other fields texts.'),
    answer && [h('h3', null, 'Answer'), fieldTable(answer, description, true)],
    h('h3', null, 'Example'),
    modelPick(
      models.filter((model) => model.modality === modality),
      (id) => tabs.update(samples(kind, example(kind, id))),
    ),
    tabs,
    me && h('p', null, h('a', { href: `/dashboard/playground/${kind}` }, 'Try it in the playground')),
  );
}

function errors() {
  return section(
    'errors',
    'Errors',
    h(
      'p',
      null,
      'One envelope, always JSON. ',
      h('code', null, 'message'),
      ' says what was wrong and what to do; ',
      h('code', null, 'param'),
      ' names the field at fault. The header ',
      h('code', null, 'x-should-retry'),
      ' tells official SDKs whether trying again can help. A failed request costs nothing.',
    ),
    codeBox(
      JSON.stringify(
        {
          error: {
            type: 'insufficient_credits',
            code: 'INSUFFICIENT_CREDITS',
            message: '…',
            param: null,
            request_id: 'req_…',
          },
        },
        null,
        2,
      ),
      'JSON',
    ),
    h(
      'div',
      { class: 'card flush' },
      table(
        [
          { head: 'HTTP', cell: ([status]) => status },
          { head: 'type', cell: ([, type]) => h('code', null, type) },
          { head: 'code', cell: ([, , code]) => h('code', null, code) },
          { head: 'When, and what to do', cell: ([, , , about]) => about },
        ],
        ERRORS,
      ),
    ),
  );
}

function receipts(description) {
  const schema = description.paths['/charges/{id}'].get.responses['200'].content['application/json'].schema;
  return section(
    'receipts',
    'Receipts',
    h(
      'p',
      null,
      'Every metered call has a receipt under its request id, for keys of the same project. Its lines add up to what was charged. The whole API is described in ',
      h('a', { href: '/api/v1/openapi.json', download: '' }, 'openapi.json'),
      '.',
    ),
    verb('GET', '/charges/{request id}'),
    codeBox(`curl ${base()}/charges/req_… -H "Authorization: Bearer $MMG_API_KEY"`, 'curl'),
    fieldTable(schema, description, true),
  );
}
