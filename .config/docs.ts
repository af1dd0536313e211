import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listActions } from '../src/actions/registry.ts';
import { listActionSettings } from '../src/cli/commands/explain-actions.ts';
import { docsOfSettings } from '../src/cli/setting-docs/setting-docs.ts';
import { describeCall } from '../src/functions/function-docs.ts';
import { createFunctions } from '../src/functions/registry.ts';
import { eventTable } from '../src/model/event-table/event-table.ts';
import type { Shape } from '../src/model/event-table/kinds.ts';
import { drawFailingRun, withoutTimes } from './picture.ts';

/** A file of the documentation that the code says, in whole or in a table, and what makes two of them the same. */
interface Page {
  readonly path: string;
  readonly make: (before: string) => string | Promise<string>;
  readonly isSame?: (a: string, b: string) => boolean;
}

const PAGES: readonly Page[] = [
  {
    path: 'docs/actions.md',
    make: (text) => replaceBetween(replaceBetween(text, 'actions', writeActions()), 'settings', writeSettings()),
  },
  { path: 'docs/expressions.md', make: (text) => replaceBetween(text, 'functions', writeFunctions()) },
  { path: 'docs/reports.md', make: (text) => replaceBetween(text, 'events', writeEvents()) },
  {
    path: 'docs/picture/failing-run.svg',
    make: drawFailingRun,
    isSame: (a, b) => withoutTimes(a) === withoutTimes(b),
  },
];

/** Writes what the documentation takes from the code; with `--check` it only checks whether that is up to date. */
const isCheck = process.argv.includes('--check');
for (const { path, make, isSame = (a, b) => a === b } of PAGES) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = await make(before);
  if (isSame(after, before)) continue;
  if (isCheck) {
    console.error(`${path} is not what the code says: run \`npm run docs\``);
    process.exitCode = 1;
  } else writeFileSync(file, after);
}

function writeActions(): string {
  const rows = listActions().map(({ name, summary, result }) => {
    const results = Object.keys(result.keys).map((key) => `\`${key}\``);
    return `| [\`${name}\`](#${name.replace('.', '')}) | ${summary} | ${results.join(' ')} |`;
  });
  return ['| action | does | result |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Each action's settings: what they take, what they are for, and their defaults. */
function writeSettings(): string {
  return listActions()
    .flatMap((action) => {
      const docs = docsOfSettings(action.name);
      const rows = listActionSettings(action).map(({ key, kind, isNeeded }) => {
        const [says = '', otherwise = ''] = docs[key] ?? [];
        return `| \`${key}\`${isNeeded ? ' *' : ''} | ${kind} | ${says} | ${otherwise} |`.replaceAll('||', '\\|\\|');
      });
      const table = ['| setting | takes | for | default |', '| --- | --- | --- | --- |', ...rows];
      return [`### ${action.name}`, '', `${action.summary}.`, '', ...(rows.length > 0 ? [...table, ''] : [])];
    })
    .join('\n')
    .trim();
}

function writeFunctions(): string {
  const rows = [...createFunctions().values()].map(({ name, summary }) => `| \`${describeCall(name)}\` | ${summary} |`);
  return ['| function | gives |', '| --- | --- |', ...rows].join('\n');
}

/** Every event with its own fields, and those of the records that stand in them. */
function writeEvents(): string {
  const rows = Object.entries(eventTable.is === 'choice' ? eventTable.cases : {}).map(([name, shape]) => {
    const fields = listFields(shape).filter(([field]) => !['type', 'at', 'flow'].includes(field));
    return `| \`${name}\` | ${fields.map(([field, inner]) => `\`${field}\`${describeInside(inner)}`).join(', ')} |`;
  });
  return ['| event | fields |', '| --- | --- |', ...rows].join('\n');
}

function listFields(shape: Shape): readonly (readonly [string, Shape])[] {
  return shape.is === 'record' ? Object.entries(shape.fields).map(([name, field]) => [name, field.shape]) : [];
}

function describeInside(shape: Shape): string {
  const inside = listFields(shape.is === 'list' ? shape.item : shape).map(([name]) => name);
  return inside.length === 0 ? '' : ` (${inside.join(', ')})`;
}

function replaceBetween(text: string, name: string, table: string): string {
  const begin = `<!-- ${name}: written by \`npm run docs\` -->`;
  const end = `<!-- end of ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1) throw new Error(`no page has a place for the table of ${name}`);
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}
