import { isList, stringifyJson, type Value } from '../../expr/index.ts';
import { childOf, childrenOf, isTrue, type Part, textOf } from '../document/documents.ts';
import { isJson, listMediaTypes } from '../document/media-types.ts';
import type { Operation } from '../document/operations.ts';
import type { SchemaContext } from '../schemas/schema-context.ts';
import { Draws } from './draws.ts';
import { findExample } from './find-example.ts';
import { ValueMaker } from './make-value.ts';

/** A request of an operation, as far as its document shows one. */
export interface ExampleRequest {
  readonly params: ReadonlyMap<string, string>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: { readonly type: string; readonly text: string } | undefined;
  /** What it would need besides and the document does not show: ``the header `x-tenant` ``. */
  readonly missing: readonly string[];
}

/** Reads from its examples what a request of an operation is. @throws DocumentError when a reference leads nowhere */
export function readExampleRequest(operation: Operation, context: SchemaContext): ExampleRequest {
  const request = { params: new Map<string, string>(), query: [], headers: [], missing: [] } as {
    params: Map<string, string>;
    query: [string, string][];
    headers: [string, string][];
    missing: string[];
  };
  for (const parameter of listParameters(operation, context)) {
    const [name = '', place] = [textOf(parameter, 'name'), textOf(parameter, 'in')];
    const value = findValue(parameter, context);
    const texts = value === undefined ? [] : isList(value) ? value.map(toText) : [toText(value)];
    if (place === 'path') {
      if (value !== undefined) request.params.set(name, texts.join(','));
    } else if (value === undefined) {
      if (isTrue(parameter, 'required')) request.missing.push(`the ${place} parameter \`${name}\``);
    } else if (place === 'query') request.query.push(...texts.map((text): [string, string] => [name, text]));
    else if (place === 'header') request.headers.push([name, texts.join(',')]);
    else if (place === 'cookie') request.headers.push(['cookie', `${name}=${texts.join(',')}`]);
  }
  const { body, isMissing } = readBody(operation, context);
  if (isMissing) request.missing.push('the body');
  return { ...request, body };
}

/** Those of the operation, and those of its path that it does not say anew. */
function listParameters({ part, item }: Operation, { documents }: SchemaContext): readonly Part[] {
  const found = new Map<string, Part>();
  for (const owner of [item, part]) {
    const list = childOf(owner, 'parameters');
    for (const [, given] of list ? childrenOf(list) : []) {
      const parameter = documents.follow(given);
      found.set(`${textOf(parameter, 'in')} ${textOf(parameter, 'name')}`, parameter);
    }
  }
  return [...found.values()];
}

function findValue(part: Part, context: SchemaContext): Value | undefined {
  const schema = childOf(part, 'schema');
  return findExample(part, context.documents) ?? (schema && createFinder(context).find(schema));
}

function readBody(
  { part }: Operation,
  context: SchemaContext,
): { readonly body: ExampleRequest['body']; readonly isMissing: boolean } {
  const given = childOf(part, 'requestBody');
  const request = given && context.documents.follow(given);
  const content = request && childOf(request, 'content');
  if (!content) return { body: undefined, isMissing: false };
  const types = listMediaTypes(content, context.documents);
  const media = types.find(({ name }) => isJson(name)) ?? types[0];
  const value = media && findValue(media.part, context);
  if (!media || value === undefined) return { body: undefined, isMissing: isTrue(request, 'required') };
  return {
    body: { type: media.name, text: isJson(media.name) ? stringifyJson(value) : toText(value) },
    isMissing: false,
  };
}

function createFinder(context: SchemaContext): ValueMaker {
  return new ValueMaker(context, new Draws(''), { isGiven: true });
}

function toText(value: Value): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}
