import { type CollectionTag, type Scalar, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml';
import { stringifyString } from 'yaml/util';
import { LINE_WIDTH } from './break-lines.ts';

/** How texts are written: in the style they have. One of several lines that is no block is folded again; an absent value stays absent. */
const text: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' || value === null,
  resolve: (value) => value,
  stringify(item, context, onComment, onChompKeep) {
    if (item.value === null || (item.type === 'PLAIN' && item.value === '')) return '';
    const isFolded = writtenIn(item).trimEnd().includes('\n');
    const options = { ...context.options, lineWidth: isFolded ? LINE_WIDTH : 0, minContentWidth: 20 };
    return stringifyString(item as Scalar<string>, { ...context, options }, onComment, onChompKeep);
  },
};

/** `{ a: 1 }` */
const map: CollectionTag = {
  tag: 'tag:yaml.org,2002:map',
  collection: 'map',
  default: true,
  nodeClass: YAMLMap,
  resolve: (node) => node,
  ...padWith(' '),
};

/** `[1, 2]` */
const list: CollectionTag = {
  tag: 'tag:yaml.org,2002:seq',
  collection: 'seq',
  default: true,
  nodeClass: YAMLSeq,
  resolve: (node) => node,
  ...padWith(''),
};

export const LAYOUT_TAGS = [map, list, text];

type Written = Parameters<YAMLMap['toString']>;

/** The writer asks the tag of a list or map, too, though the type of tags does not say so. */
function padWith(flowCollectionPadding: string): object {
  return {
    stringify: (node: YAMLMap | YAMLSeq, context: Written[0], ...told: [Written[1], Written[2]]) =>
      node.toString(Object.assign({}, context, { flowCollectionPadding }), ...told),
  };
}

function writtenIn({ srcToken }: Scalar): string {
  return srcToken && 'source' in srcToken ? srcToken.source : '';
}
