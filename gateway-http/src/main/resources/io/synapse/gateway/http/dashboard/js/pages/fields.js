// The fields of a schema of the OpenAPI description, as the documentation shows them.

import { h } from '../dom.js';
import { table } from '../tables.js';

function resolve(schema, description) {
  return schema?.$ref ? resolve(description.components.schemas[schema.$ref.split('/').pop()], description) : schema;
}

function typeOf(schema, description) {
  const one = resolve(schema, description);
  if (one.oneOf) {
    return [...new Set(one.oneOf.map((option) => typeOf(option, description)))].join(' | ');
  }
  if (one.type === 'array') {
    return `${typeOf(one.items, description)}[]`;
  }
  return [one.type].flat().join(' | ');
}

function bounds(schema) {
  const parts = [];
  if (schema.enum) {
    parts.push(schema.enum.filter((word) => word !== null).join(', '));
  }
  if (schema.const) {
    parts.push(`always ${schema.const}`);
  }
  if (schema.minimum !== undefined || schema.maximum !== undefined) {
    parts.push(schema.maximum === undefined ? `${schema.minimum} or more` : `${schema.minimum} to ${schema.maximum}`);
  }
  if (schema.maxLength && !schema.enum) {
    parts.push(`at most ${schema.maxLength} characters`);
  }
  if (schema.default !== undefined) {
    parts.push(`default ${schema.default}`);
  }
  return parts.join('; ');
}

function rows(schema, description, prefix = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    const one = resolve(raw, description);
    const row = { name: prefix + name, schema: one, required: schema.required?.includes(name) };
    const inner = one.type === 'object' ? one : one.type === 'array' ? resolve(one.items, description) : null;
    return [
      row,
      ...(inner?.properties && prefix.split('.').length < 2
        ? rows(inner, description, `${prefix}${name}${one.type === 'array' ? '[]' : ''}.`)
        : []),
    ];
  });
}

/** The fields of a schema as a table; those of an answer are not required of anybody. */
export function fieldTable(schema, description, isAnswer) {
  return h(
    'div',
    { class: 'card flush' },
    table(
      [
        { head: 'Field', cell: (row) => h('code', null, row.name) },
        { head: 'Type', cell: (row) => h('span', { class: 'muted' }, typeOf(row.schema, description)) },
        ...(isAnswer
          ? []
          : [{ head: 'Required', cell: (row) => (row.required ? 'yes' : h('span', { class: 'muted' }, 'no')) }]),
        {
          head: 'Description',
          cell: (row) =>
            h('span', null, row.schema.description ?? '', ' ', h('span', { class: 'muted' }, bounds(row.schema))),
        },
      ],
      rows(schema, description),
    ),
  );
}
