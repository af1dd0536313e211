import type { Value } from '../../expr/index.ts';
import { findNode, toData } from '../../source/yaml/node.ts';
import { childOf, childrenOf, type Documents, type Part } from '../document/documents.ts';

/** What stands under `example` of a part, or first under its `examples`. */
export function findExample(part: Part, documents: Documents): Value | undefined {
  const example = childOf(part, 'example');
  if (example) return toData(example.node);
  const examples = childOf(part, 'examples');
  const first = examples && childrenOf(examples)[0]?.[1];
  if (!first) return undefined;
  const { node } = documents.follow(first);
  const found = ['value', 'dataValue', 'serializedValue'].map((key) => findNode(node, [key])).find((one) => one);
  return found && toData(found);
}
