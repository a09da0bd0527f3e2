// The code of a call in curl, JavaScript, Python and Java. The documentation and the playground show the same.

export const ENDPOINTS = {
  chat: '/chat/completions',
  captions: '/images/captions',
  images: '/images/generations',
  edits: '/images/edits',
  videos: '/videos/generations',
  speech: '/audio/speech',
  transcriptions: '/audio/transcriptions',
  embeddings: '/embeddings',
};

const PICTURE = 'data:image/png;base64,<BASE64_IMAGE>';

const BODIES = {
  chat: { messages: [{ role: 'user', content: 'Explain quantum entanglement simply.' }] },
  captions: { image: PICTURE, prompt: 'What is in this image?' },
  images: { prompt: 'A serene mountain lake at sunrise', size: '1024x1024' },
  edits: { image: PICTURE, prompt: 'Make it look like a watercolor painting' },
  videos: { prompt: 'A timelapse of clouds over a city' },
  speech: { input: 'Hello from the gateway!', response_format: 'wav' },
  transcriptions: { response_format: 'json' },
  embeddings: { input: ['The quick brown fox', 'A fast auburn fox'] },
};

/** A plain call of an endpoint. */
export const example = (kind, model) => ({ model, ...BODIES[kind] });

const base = () => `${location.origin}/api/v1`;

/** Pictures are too long to read: each is named instead of written out. */
function readable(value) {
  if (typeof value === 'string' && value.startsWith('data:') && value.length > 100) {
    return `${value.slice(0, value.indexOf(',') + 1)}<BASE64_${value.slice(5, value.indexOf('/')).toUpperCase()}>`;
  }
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  return value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readable(one)]))
    : value;
}

/** The call in every language. */
export function samples(kind, body) {
  const shown = readable(body);
  return kind === 'transcriptions'
    ? forms(shown)
    : {
        curl: curl(kind, shown),
        javascript: javascript(kind, shown),
        python: python(kind, shown),
        java: java(kind, shown),
      };
}

const json = (value) => JSON.stringify(value, null, 2);
const indent = (text, by) => text.replaceAll('\n', `\n${' '.repeat(by)}`);
const OUTPUT = { speech: ' \\\n  --output speech.wav' };

function curl(kind, body) {
  return `curl ${base()}${ENDPOINTS[kind]} \\\n  -H "Authorization: Bearer $MMG_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${indent(json(body).replaceAll("'", "'\\''"), 2)}'${OUTPUT[kind]?.replace('wav', body.response_format ?? 'mp3') ?? ''}`;
}

const JS_CALLS = {
  chat: ['client.chat.completions.create', 'console.log(result.choices[0].message.content);'],
  images: ['client.images.generate', 'console.log(result.data[0].b64_json);'],
  embeddings: ['client.embeddings.create', 'console.log(result.data[0].embedding);'],
  speech: [
    'client.audio.speech.create',
    'await fs.promises.writeFile("speech.audio", Buffer.from(await result.arrayBuffer()));',
  ],
};

const JS_CLIENT = () =>
  `import OpenAI from "openai";\n\nconst client = new OpenAI({\n  apiKey: process.env.MMG_API_KEY,\n  baseURL: "${base()}",\n});\n\n`;
const CAPTION = { captions: 'caption', edits: 'data[0].b64_json', videos: 'data[0].url' };

function javascript(kind, body) {
  if (body.stream) {
    return `${JS_CLIENT()}const stream = await client.chat.completions.create(${json(body)});\nfor await (const chunk of stream) {\n  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");\n}`;
  }
  const [call, print] = JS_CALLS[kind] ?? [];
  if (call) {
    return `${kind === 'speech' ? 'import fs from "node:fs";\n' : ''}${JS_CLIENT()}const result = await ${call}(${json(body)});\n${print}`;
  }
  return `const response = await fetch("${base()}${ENDPOINTS[kind]}", {\n  method: "POST",\n  headers: {\n    Authorization: \`Bearer \${process.env.MMG_API_KEY}\`,\n    "Content-Type": "application/json",\n  },\n  body: JSON.stringify(${indent(json(body), 2)}),\n});\nconst result = await response.json();\nif (!response.ok) throw new Error(result.error.message);\nconsole.log(result.${CAPTION[kind]});`;
}

const PY_WORDS = { true: 'True', false: 'False', null: 'None' };

/** A value as Python writes it. */
function py(value, depth = 0) {
  const pad = '    '.repeat(depth + 1);
  const end = '    '.repeat(depth);
  if (Array.isArray(value)) {
    return `[\n${value.map((one) => `${pad}${py(one, depth + 1)},\n`).join('')}${end}]`;
  }
  if (value && typeof value === 'object') {
    return `{\n${Object.entries(value)
      .map(([name, one]) => `${pad}${JSON.stringify(name)}: ${py(one, depth + 1)},\n`)
      .join('')}${end}}`;
  }
  return typeof value === 'boolean' || value === null ? PY_WORDS[value] : JSON.stringify(value);
}

const pyArguments = (body) =>
  `\n${Object.entries(body)
    .map(([name, value]) => `    ${name}=${py(value, 1)},\n`)
    .join('')}`;
const PY_CLIENT = () =>
  `import os\nfrom openai import OpenAI\n\nclient = OpenAI(\n    api_key=os.environ["MMG_API_KEY"],\n    base_url="${base()}",\n)\n\n`;
const PY_CALLS = {
  chat: ['client.chat.completions.create', 'print(result.choices[0].message.content)'],
  images: ['client.images.generate', 'print(result.data[0].b64_json)'],
  embeddings: ['client.embeddings.create', 'print(result.data[0].embedding)'],
};

function python(kind, body) {
  if (body.stream) {
    return `${PY_CLIENT()}stream = client.chat.completions.create(${pyArguments(body)})\nfor chunk in stream:\n    if chunk.choices:\n        print(chunk.choices[0].delta.content or "", end="")`;
  }
  if (kind === 'speech') {
    return `${pyRequest(kind, body)}with open("speech.${body.response_format ?? 'mp3'}", "wb") as file:\n    file.write(response.content)`;
  }
  const [call, print] = PY_CALLS[kind] ?? [];
  // What OpenAI's SDK has no argument for goes into extra_body.
  const { width, height, negative_prompt: negative, ...known } = body;
  const extra = Object.fromEntries(
    Object.entries({ width, height, negative_prompt: negative }).filter(([, value]) => value !== undefined),
  );
  if (call) {
    return `${PY_CLIENT()}result = ${call}(${pyArguments(Object.keys(extra).length ? { ...known, extra_body: extra } : body)})\n${print}`;
  }
  return `${pyRequest(kind, body)}print(response.json()${CAPTION[kind]
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `["${part}"]`))
    .join('')})`;
}

/** Where OpenAI's SDK has no call, or asks for more than the gateway does. */
function pyRequest(kind, body) {
  return `import os\nimport requests\n\nresponse = requests.post(\n    "${base()}${ENDPOINTS[kind]}",\n    headers={"Authorization": f"Bearer {os.environ['MMG_API_KEY']}"},\n    json=${py(body, 1)},\n    timeout=310,\n)\nresponse.raise_for_status()\n`;
}

const JAVA_PRINT = { speech: ['ofFile(Path.of("speech.audio"))', 'System.out.println(response.statusCode());'] };

function java(kind, body) {
  const [handler, print] = JAVA_PRINT[kind] ?? ['ofString()', 'System.out.println(response.body());'];
  const lines = body.stream
    ? ['ofLines()', 'response.body().filter(line -> line.startsWith("data: ")).forEach(System.out::println);']
    : [handler, print];
  const text = json(body).replaceAll('\\', '\\\\').replaceAll('"""', '\\"""');
  return `import java.net.URI;\nimport java.net.http.*;${kind === 'speech' ? '\nimport java.nio.file.Path;' : ''}\n\nvar body = """\n    ${indent(text, 4)}""";\nvar request = HttpRequest.newBuilder(URI.create("${base()}${ENDPOINTS[kind]}"))\n    .header("Authorization", "Bearer " + System.getenv("MMG_API_KEY"))\n    .header("Content-Type", "application/json")\n    .POST(HttpRequest.BodyPublishers.ofString(body))\n    .build();\nvar response = HttpClient.newHttpClient()\n    .send(request, HttpResponse.BodyHandlers.${lines[0]});\n${lines[1]}`;
}

/** Transcription is a form with a file. */
function forms(body) {
  const fields = Object.entries(body).filter(([, value]) => value);
  const setter = (name) => ({ response_format: 'responseFormat' })[name] ?? name;
  return {
    curl: `curl ${base()}${ENDPOINTS.transcriptions} \\\n  -H "Authorization: Bearer $MMG_API_KEY" \\\n  -F "file=@audio.mp3"${fields.map(([name, value]) => ` \\\n  -F '${name}=${String(value).replaceAll("'", "'\\''")}'`).join('')}`,
    javascript: `import fs from "node:fs";\n${JS_CLIENT()}const result = await client.audio.transcriptions.create({\n  file: fs.createReadStream("audio.mp3"),\n${fields.map(([name, value]) => `  ${name}: ${JSON.stringify(value)},\n`).join('')}});\nconsole.log(result.text ?? result);`,
    python: `${PY_CLIENT()}with open("audio.mp3", "rb") as audio:\n    result = client.audio.transcriptions.create(\n        file=audio,\n${fields.map(([name, value]) => `        ${name}=${JSON.stringify(value)},\n`).join('')}    )\nprint(getattr(result, "text", result))`,
    java: `import com.openai.client.okhttp.OpenAIOkHttpClient;\nimport com.openai.models.audio.AudioResponseFormat;\nimport com.openai.models.audio.transcriptions.TranscriptionCreateParams;\nimport java.nio.file.Path;\n\nvar client = OpenAIOkHttpClient.builder()\n    .apiKey(System.getenv("MMG_API_KEY"))\n    .baseUrl("${base()}")\n    .build();\nvar result = client.audio().transcriptions().create(\n    TranscriptionCreateParams.builder()\n        .file(Path.of("audio.mp3"))\n${fields.map(([name, value]) => `        .${setter(name)}(${name === 'response_format' ? `AudioResponseFormat.of(${JSON.stringify(value)})` : JSON.stringify(value)})\n`).join('')}        .build());\nSystem.out.println(result);`,
  };
}
