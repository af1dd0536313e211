import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformSync } from 'rolldown/utils';

// the transformer wants a package for `</script>` in a tagged template, which is not installed
const WANTED = 'import _taggedTemplateLiteral from "@oxc-project/runtime/helpers/taggedTemplateLiteral";';
const GIVEN =
  "const _taggedTemplateLiteral = (strings, raw = strings) => Object.defineProperty(strings, 'raw', { value: raw });";

/** A file that is named in full is where its name says, which asks nothing of the system. */
export function resolve(specifier, context, nextResolve) {
  if (!/^\.{1,2}\/.*\.ts$/.test(specifier) || !context.parentURL?.startsWith('file:'))
    return nextResolve(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** Takes the types out of what Node loads for the tests: Node 20 cannot, and Vite's own way costs several times as much. */
export async function load(url, context, loadNext) {
  if (!/\.ts(?:\?|$)/.test(url) || url.includes('/node_modules/')) return loadNext(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const { code, map, errors } = transformSync(path, text, { sourcemap: true, target: 'esnext', tsconfig: false });
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join('\n')}`);
  const mapData = Buffer.from(JSON.stringify(map)).toString('base64');
  const source = `${code.replace(WANTED, GIVEN)}\n//# sourceMappingURL=data:application/json;base64,${mapData}`;
  return { format: 'module', shortCircuit: true, source };
}

// Node loads this file a second time, in the thread where hooks run
if (isMainThread) register(import.meta.url);
