import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { actions } from '../src/actions/registry.ts';
import { isNode, parseTypeScript, type SyntaxNode, walkSyntax } from './support/syntax.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The rooms that know actions by their fields alone. */
const ROOMS = ['plan', 'engine', 'records', 'reporters', 'cli'].map((room) => `src/${room}`);

/** Where actions are named on purpose: the lowering of other spellings, the words of other tools, the docs of codes and settings. */
const EXCEPTIONS = [
  /^src\/plan\/lower\//,
  /^src\/plan\/foreign\//,
  /^src\/plan\/code-docs\//,
  /^src\/cli\/setting-docs\//,
];

/** Words of flows that are names of actions, too: of these only comparisons with an action's `name` count. */
const WORDS_OF_FLOWS: ReadonlySet<string> = new Set([
  'assert',
  'condition',
  'delay',
  'if',
  'log',
  'repeat',
  'set',
  'steps',
]);

const NAMES: ReadonlySet<string> = new Set([...actions.keys()].filter((name) => !WORDS_OF_FLOWS.has(name)));
const SPELT = new RegExp([...NAMES].map((name) => name.replace('.', '[.]')).join('|'));
const COMPARES: ReadonlySet<unknown> = new Set(['==', '===', '!=', '!==', 'in']);
const LOOKS_UP: ReadonlySet<unknown> = new Set(['has', 'get', 'includes', 'indexOf', 'startsWith', 'endsWith']);

describe('what others do with an action', () => {
  it('is asked of its fields, and never of its name', () => {
    const breaches = ROOMS.flatMap(listSources).flatMap((path) =>
      findNames(readFileSync(join(root, path), 'utf8')).map((found) => `${path}:${found}`),
    );
    expect(breaches).toEqual([]);
  });

  it.each([
    ["if (step.action.name === 'redis.get') tell();", ["1 step.action.name === 'redis.get'"]],
    ["if ('steps' !== action?.name) tell();", ["1 'steps' !== action?.name"]],
    ["const isLook = (name: string): boolean => name == 'http_request';", ["1 name == 'http_request'"]],
    ['const isLook = name === `http_request`;', ['1 name === `http_request`']],
    ["switch (word) {\n  case 'poll':\n    tell();\n}", ["2 'poll'"]],
    ['switch (step.action.name) {\n}', ['1 step.action.name']],
    ['const KINDS = { http_request: { status: 1 } };', ['1 http_request']],
    ["const KINDS: Record<string, number> = { 'redis.exists': 1 } as const;", ["1 'redis.exists'"]],
    ["const LOOKS = new Set(['database_query']);", ["1 'database_query'"]],
    ["const WAITS = new Map([['kafka_consume', 1]]);", ["1 'kafka_consume'"]],
    ["const LOOKS = 'http_request database_query'.split(' ');", ["1 'http_request database_query'"]],
    ['const isKafka = /^kafka_(producer|consumer)$/.test(name);', []],
    ['const isQuery = /^(database_query|other)$/.test(name);', ['1 /^(database_query|other)$/']],
    ['const kind = KINDS.http_request;', ['1 http_request']],
    ['const kind = KINDS[step.action.name];', ['1 step.action.name']],
    ['const isKnown = KNOWN.has(action.name);', ['1 action.name']],
    ["const isLook = LOOKS.includes('poll');", ["1 'poll'"]],
    ['const { name } = step.action;', ['1 { name }']],
    ['const tell = ({ action: { name } }) => name;', ['1 { name }']],
    ['function tell({ name }: ActionDefinition) {}', ['1 { name }: ActionDefinition']],
  ])('%s', (text, found) => {
    expect(findNames(text)).toEqual(found);
  });

  it.each([
    'const message = `${action.name} needs a step`;',
    "findings.warn(code, 'write a `poll`');",
    "type Kind = 'http_request' | 'poll';",
    'interface Kinds { http_request: number }',
    "import type { A } from './poll';",
    "const field = fields.get('assert');",
    'const STEP_KEYS = { assert: true, steps: 1 };',
    'const { name } = capture;',
    'const isTold = poll === undefined;',
    "if (field.key === 'delay') tell();",
  ])('%s is none', (text) => {
    expect(findNames(text)).toEqual([]);
  });
});

function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts') && !EXCEPTIONS.some((exception) => exception.test(path)));
}

/** The comparisons and tables of a text that are keyed by an action's name, with their lines. */
function findNames(text: string): readonly string[] {
  const mayName = SPELT.test(text) || (/action/i.test(text) && /\bname\b/.test(text));
  if (!mayName) return [];
  const found = [...walkSyntax(parseTypeScript(text))].flatMap(listSuspects);
  const cut = ({ start, end }: SyntaxNode): string => text.slice(start, end);
  return found.map((node) => `${text.slice(0, node.start).split('\n').length} ${cut(node)}`);
}

/** What a node compares by an action's name, or looks up by it. */
function listSuspects(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.type) {
    case 'BinaryExpression': {
      const isNamed = [node['left'], node['right']].some((side) => isName(side) || isNameOfAction(side));
      return COMPARES.has(node['operator']) && isNamed ? [node] : [];
    }
    case 'SwitchCase':
      return pick([node['test']], isName);
    case 'SwitchStatement':
      return pick([node['discriminant']], isNameOfAction);
    case 'Property':
      return isActionPattern(node['value']) && keyOf(node) === 'action'
        ? pick([node['value']], isNode)
        : pick([node['key']], (key) => isName(key) || (node['computed'] !== true && isKey(key)));
    case 'ArrayExpression':
      return pick(node['elements'], isName);
    case 'MemberExpression':
      return pick([node['property']], (part) =>
        node['computed'] === true ? isName(part) || isNameOfAction(part) : isKey(part),
      );
    case 'CallExpression':
      return listOfCall(node);
    case 'Literal':
      return isPatternWithName(node) ? [node] : [];
    case 'VariableDeclarator':
      return isActionPattern(node['id']) && isAction(node['init']) ? pick([node['id']], isNode) : [];
    case 'ObjectPattern':
      return isActionPattern(node) && isTypedAction(node) ? [node] : [];
    default:
      return [];
  }
}

function listOfCall({ callee, arguments: args }: SyntaxNode): readonly SyntaxNode[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression') return [];
  const method = nameOf(callee['property']);
  if (method === 'split') return pick([callee['object']], holdsName);
  return LOOKS_UP.has(method) ? pick(args, (arg) => isName(arg) || isNameOfAction(arg)) : [];
}

function pick(nodes: unknown, isWanted: (node: unknown) => boolean): readonly SyntaxNode[] {
  return (Array.isArray(nodes) ? nodes : [nodes]).filter((node): node is SyntaxNode => isNode(node) && isWanted(node));
}

/** Whether it is a text that is the name of an action. */
function isName(node: unknown): boolean {
  return isNode(node) && NAMES.has(readText(node) ?? '');
}

/** Whether it is a key that is the name of an action. */
function isKey(node: unknown): boolean {
  return NAMES.has(nameOf(node) ?? '');
}

/** Whether it is a list of words with such a name among them. */
function holdsName(node: unknown): boolean {
  const words = isNode(node) ? readText(node)?.split(/\W+/) : undefined;
  return words?.some((word) => NAMES.has(word)) ?? false;
}

/** Whether it is a regular expression in which such a name stands as a word. */
function isPatternWithName({ regex }: SyntaxNode): boolean {
  const { pattern } = (regex ?? {}) as { readonly pattern?: string };
  return pattern?.split(/[^\w.]+/).some((word) => NAMES.has(word)) ?? false;
}

function readText(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type !== 'TemplateLiteral') return undefined;
  const [only, ...more] = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return more.length === 0 ? only?.value.cooked : undefined;
}

/** `action.name`, `step.action?.name`. */
function isNameOfAction(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === 'ChainExpression') return isNameOfAction(node['expression']);
  return node.type === 'MemberExpression' && nameOf(node['property']) === 'name' && isAction(node['object']);
}

/** `action`, `step.action`. */
function isAction(node: unknown): boolean {
  if (!isNode(node)) return false;
  return (node.type === 'MemberExpression' ? nameOf(node['property']) : nameOf(node)) === 'action';
}

/** `{ name }`, where an action is taken apart. */
function isActionPattern(node: unknown): boolean {
  if (!isNode(node) || node.type !== 'ObjectPattern') return false;
  return (node['properties'] as readonly SyntaxNode[]).some((property) => keyOf(property) === 'name');
}

function isTypedAction({ typeAnnotation }: SyntaxNode): boolean {
  const type = isNode(typeAnnotation) ? typeAnnotation['typeAnnotation'] : undefined;
  return isNode(type) && nameOf(type['typeName']) === 'ActionDefinition';
}

function keyOf(property: SyntaxNode): string | undefined {
  return nameOf(property['key']);
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;
}
