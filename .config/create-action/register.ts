import { nameConstant } from './write-source.ts';

/** The registry with the action's import in its place, and its line at the end of the listed ones. */
export function register(text: string, name: string): string {
  const constant = nameConstant(name);
  const line = `import { ${constant} } from './${name}.ts';`;
  const imports = [...text.matchAll(/^import \{ .* \} from '\.\/.*';$/gm)].map((match) => match[0]);
  const next = imports.find((existing) => pathOf(existing) > pathOf(line));
  const last = imports.at(-1) ?? '';
  const withImport = next ? text.replace(next, `${line}\n${next}`) : text.replace(last, `${last}\n${line}`);
  const key = /^\w+$/.test(name) ? name : `'${name}'`;
  return withImport.replace(/\n\};/, `\n  ${key}: () => ${constant},\n};`);
}

function pathOf(line: string): string {
  return /'(.*)'/.exec(line)?.[1] ?? '';
}
