import type { SourceFile } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { isSecretLike } from '../../util/secret-name.ts';

/** Most files lack one of them, and are not read once more. */
const ENV = /\benv["']?\s*:/;
const SECRET = /passw|secret|token|_?key/i;
const PLACEHOLDER = /\{\{|\$\{/;

/** What is called a secret, and its value. */
export interface EnvSecret {
  readonly name: string;
  readonly text: string;
}

/** What stands in a file under `env` and is called a secret: runs mask it where a service is given it, so findings do. */
export function findEnvSecrets(file: SourceFile): readonly EnvSecret[] {
  if (!ENV.test(file.text) || !SECRET.test(file.text)) return [];
  const found: EnvSecret[] = [];
  const open: Node[] = [...readYaml(file).documents];
  // What an anchor names stands in several places.
  const seen = new Set<Node>();
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'seq') open.push(...node.items);
    if (node.kind !== 'map') continue;
    for (const { key, value } of node.entries) {
      open.push(value);
      if (key.text.text === 'env') found.push(...listSecrets(value));
    }
  }
  return found;
}

function listSecrets(env: Node): readonly EnvSecret[] {
  if (env.kind !== 'map') return [];
  return env.entries.flatMap(({ key, value }) => {
    const text = value.kind === 'scalar' ? value.text.text : '';
    const name = key.text.text;
    return isSecretLike(name, text) && !PLACEHOLDER.test(text) ? [{ name, text }] : [];
  });
}
