import { stringify } from 'yaml';

/** Data as documents of one YAML stream, texts of several lines as blocks; a text is one for readers of YAML 1.1 too, to whom `no` and `2030-01-31` are none. */
export function writeYaml(documents: readonly unknown[]): string {
  return documents.map((document) => stringify(document, { lineWidth: 0, schema: 'yaml-1.1' })).join('---\n');
}
