import { parseJson, type Value } from '../../expr/index.ts';
import { toData } from '../../source/yaml/node.ts';
import { childOf, childrenOf, type Documents, type Part } from '../document/documents.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** The value that the text of a header stands for, by the type that its schema names; the text itself where it is none of that type. */
export function readTextValue(text: string, schema: Part, documents: Documents): Value {
  const types = listTypes(schema, documents);
  if (types.includes('array')) {
    const items = childOf(documents.follow(schema), 'items');
    const parts = text === '' ? [] : text.split(',').map((part) => part.trim());
    return items ? parts.map((part) => readTextValue(part, items, documents)) : parts;
  }
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if ((types.includes('integer') || types.includes('number')) && NUMBER.test(text)) return parseJson(text);
  return text;
}

/** The types that a schema names, `allOf` included. */
export function listTypes(schema: Part, documents: Documents, depth = 0): readonly string[] {
  const part = documents.follow(schema);
  const type = childOf(part, 'type');
  const own = type ? [toData(type.node)].flat().filter((one) => typeof one === 'string') : [];
  const all = childOf(part, 'allOf');
  const others = all && depth < 10 ? childrenOf(all).flatMap(([, one]) => listTypes(one, documents, depth + 1)) : [];
  return [...own, ...others];
}
