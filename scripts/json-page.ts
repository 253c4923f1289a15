import * as z from 'zod';
import * as parts from '../src/document/parts.ts';
import { DOCUMENT_SCHEMAS } from './document-schemas.ts';
import { markdownTable } from './markdown.ts';

/** The few keywords of JSON Schema that the documents have. */
interface Shape {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | false;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Shape[];
}

/** The parts that several documents share, with their names: `pointPart` is `point`. */
const PARTS: ReadonlyMap<unknown, string> = new Map(
  Object.entries(parts).map(([name, part]) => [
    part,
    name.replace(/Part$/u, '').replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`),
  ]),
);

/** docs/reference/json.md, from the schemas of the documents. Pure. */
export function jsonPage(): string {
  const documents = Object.entries(DOCUMENT_SCHEMAS).map(([name, schema]) => {
    const { title = name, anyOf = [] } = shapeOf(schema);
    const commands = title.split(', ').map((command) => `\`${command}\``);
    const link = `[${name}.schema.json](../../schemas/${name}.schema.json)`;
    return ['', `## ${name}`, '', `${commands.join(', ')} · ${link}`, '', ...members(anyOf[0] ?? {})];
  });
  const shared = [...PARTS].map(([schema, name]) => {
    const part = shapeOf(schema as z.ZodType);
    const { description } = part;
    return [
      '',
      `### ${name} part`,
      '',
      ...(description === undefined ? [] : [`${description}.`, '']),
      ...members(part),
    ];
  });
  return `${[
    '# JSON documents',
    '',
    '<!-- Made by `npm run docs` from the schemas in src. Do not edit. -->',
    '',
    'With `--json`, stdout holds one document and nothing else. A command that fails writes the members that it has so',
    'far, and `error` ([error](#error-part)). Members are part of the product, so programs may rely on them. `schemas/`',
    'in the package holds a JSON Schema for each document.',
    ...documents.flat(),
    '',
    '## Shared parts',
    ...shared.flat(),
  ].join('\n')}\n`;
}

/** A schema as JSON Schema, in which each shared part has its name as the title. */
function shapeOf(schema: z.ZodType): Shape {
  const override = ({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: { title?: string } }): void => {
    const name = PARTS.get(zodSchema);
    if (name !== undefined) jsonSchema.title = name;
  };
  return z.toJSONSchema(schema, { override }) as Shape;
}

function members(shape: Shape): readonly string[] {
  return markdownTable(['member', 'type', 'meaning'], rows(shape, ''));
}

/** One row for each member; those of an object that is no shared part follow it. */
function rows({ properties = {}, required = [] }: Shape, prefix: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const meaning = [required.includes(name) ? '' : 'May be missing.', sentence(member.description)];
    return [[`\`${path}\``, typeOf(member), meaning.filter((text) => text !== '').join(' ')], ...inner(member, path)];
  });
}

function sentence(text = ''): string {
  // `<debian default>` would be a tag in Markdown.
  const shown = text.replaceAll(/<[^>]+>/gu, (name) => `\`${name}\``);
  return shown === '' || /[.…]$/u.test(shown) ? shown : `${shown}.`;
}

function inner(shape: Shape, path: string): readonly (readonly string[])[] {
  if (isPart(shape)) return [];
  if (shape.items !== undefined) return inner(shape.items, `${path}[]`);
  if (shape.additionalProperties) return inner(shape.additionalProperties, `${path}.NAME`);
  const alternative = shape.anyOf?.find(({ type }) => type !== 'null');
  return alternative === undefined ? rows(shape, `${path}.`) : inner(alternative, path);
}

function typeOf(shape: Shape): string {
  if (isPart(shape)) return `[${shape.title}](#${shape.title.replaceAll(' ', '-')}-part)`;
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${value}\``).join(', ');
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeOf).join(' or ');
  if (shape.items !== undefined) return `list of ${typeOf(shape.items)}`;
  if (shape.additionalProperties) return `object, by name: ${typeOf(shape.additionalProperties)}`;
  return [shape.type ?? 'any'].flat().join(' or ');
}

function isPart(shape: Shape): shape is Shape & { readonly title: string } {
  return shape.title !== undefined;
}
