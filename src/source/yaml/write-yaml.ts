import { type ScalarTag, stringify } from 'yaml';
import { ExactNumber } from '../../expr/index.ts';

/** Numbers whose digits stay as they are. */
const EXACT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => value instanceof ExactNumber,
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
};

/** Data as documents of one YAML stream, texts of several lines as blocks; a text is one for readers of YAML 1.1 too, to whom `no` and `2030-01-31` are none. */
export function writeYaml(documents: readonly unknown[]): string {
  return documents
    .map((document) => stringify(document, { lineWidth: 0, schema: 'yaml-1.1', customTags: [EXACT] }))
    .join('---\n');
}
