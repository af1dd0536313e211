import { stringify } from 'yaml';

/** Data as documents of one YAML stream, texts of several lines as blocks. */
export function writeYaml(documents: readonly unknown[]): string {
  return documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');
}
