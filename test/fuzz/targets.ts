import { isDeepStrictEqual } from 'node:util';
import { actions } from '../../src/actions/registry.ts';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import {
  compile,
  compileTemplate,
  type Env,
  ExprError,
  type Expression,
  printNode,
  type Value,
} from '../../src/expr/index.ts';
import type { FlowHost } from '../../src/functions/flow-host.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { createSourceFile } from '../../src/model/source-file.ts';
import { planFile } from '../../src/plan/plan-file.ts';
import { renderDiagnostic } from '../../src/source/render/render-diagnostic.ts';
import { readBothWays } from '../support/yaml-readers.ts';
import type { Draws } from './draws.ts';
import { makeExpression } from './expression-inputs.ts';
import { makeLayout } from './layout-inputs.ts';
import { makePath } from './path-inputs.ts';
import { makeTemplate } from './template-inputs.ts';
import { makeYaml } from './yaml-inputs.ts';

/** Something that takes any text: `run` throws when it does what it must never do. */
export interface FuzzTarget {
  readonly name: string;
  make(draws: Draws): string;
  run(input: string): void;
}

const functions = createFunctions();
const items = [
  { id: 1, name: 'axe', price: 29.99, tags: ['a', 'b'] },
  { id: 2, name: 'saw', price: 5, tags: [] },
  { id: 3, name: null, price: 0.1, tags: ['a'] },
];
const names: Readonly<Record<string, Value>> = {
  body: { id: 7, items, total: 59.98, 'odd name': { x: 1 } },
  status: 200,
  items,
  list: [3, 1, 2],
  text: 'a "quoted" text, é 日 😀',
  user: { name: 'Ada', items: [] },
  total: 59.98,
  n: 7,
};
const env: Env = new Map(Object.entries(names));
const host: FlowHost = {
  now: () => Date.UTC(2026, 0, 31, 10),
  random: () => 0.25,
  uuid: () => '7f0c2a4e-0000-4000-8000-000000000001',
  readEnv: () => undefined,
  readFile: (path) => {
    throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
  },
};

export const targets: readonly FuzzTarget[] = [
  { name: 'expression', make: makeExpression, run: runExpression },
  { name: 'path', make: makePath, run: runPath },
  { name: 'template', make: makeTemplate, run: runTemplate },
  { name: 'yaml', make: makeYaml, run: runYaml },
  { name: 'layout', make: makeLayout, run: runLayout },
];

function runExpression(source: string): void {
  for (const placeholders of [false, true]) {
    const expression = allow(source, () => compile(source, { functions, placeholders }));
    if (!expression) continue;
    const value = allow(source, () => expression.evaluate(env, host));
    const explained = expression.explain(env, host);
    if ((value === undefined) !== (explained.error !== undefined)) throw new Error('`explain` and `evaluate` disagree');
    checkPrinted(expression, placeholders);
  }
}

/** What is printed is the same tree; brackets around every operand make of a long chain a deeper nest than is read. */
function checkPrinted(expression: Expression, placeholders: boolean): void {
  if (expression.ast.depth > 60) return;
  const printed = printNode(expression.ast);
  const again = printNode(compile(printed, { functions, placeholders }).ast);
  if (again !== printed) throw new Error(`printed as ${printed}, which reads as ${again}`);
}

function runPath(source: string): void {
  const path = allow(source, () => compilePath(source, { functions }));
  if (!path) return;
  const found = allowMissing(source, () => path.find(names, env, host));
  const seen = allowMissing(source, () => path.look(names, env, host));
  if ((found === undefined) !== (seen === undefined)) throw new Error('`find` and `look` disagree');
  if (found !== undefined && !path.isDefinite && !Array.isArray(found)) throw new Error('several values are no list');
}

function allowMissing<T>(source: string, run: () => T): T | undefined {
  return allow(source, () => {
    try {
      return run();
    } catch (error) {
      if (error instanceof CaptureError && error.offset + error.length <= source.length) return undefined;
      throw error;
    }
  });
}

function runTemplate(text: string): void {
  const template = allow(text, () => compileTemplate(text, { functions }));
  if (template) allow(text, () => template.render(env, host));
}

function runYaml(text: string): void {
  const file = createSourceFile('fuzz.yaml', '/fuzz/fuzz.yaml', text);
  const options = { actions, functions, givenNames: new Set<string>(), readFile: () => undefined };
  const { diagnostics } = planFile(file, options);
  for (const diagnostic of diagnostics) checkDiagnostic(diagnostic, text);
  // A file may have a finding on each line; drawing is tried on some.
  for (const diagnostic of diagnostics.slice(0, 20)) renderDiagnostic(diagnostic, { color: false });
}

/** The reader of plain layouts gives what the full one gives, or nothing. */
function runLayout(text: string): void {
  const read = readBothWays(text);
  if (read && !isDeepStrictEqual(read.plain, read.full))
    throw new Error(`${JSON.stringify(read.plain)} is not ${JSON.stringify(read.full)}`);
}

function checkDiagnostic(diagnostic: Diagnostic, text: string): void {
  const { code, span, message } = diagnostic;
  if (!/^TM\d{3}$/.test(code) || message === '') throw new Error(`a finding without code or words: ${code} ${message}`);
  if (span && !(span.start >= 0 && span.start <= span.end && span.end <= text.length))
    throw new Error(`${code} stands at ${span.start} to ${span.end} of ${text.length}`);
}

/** Runs; the language's own error is what a bad text gives. */
function allow<T>(source: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    checkError(error, source);
    return undefined;
  }
}

function checkError(error: unknown, source: string): void {
  if (!(error instanceof ExprError)) throw error;
  // One beyond the end is where something is missing.
  const isInside = error.offset >= 0 && error.length >= 0 && error.offset + error.length <= source.length + 1;
  if (!isInside) throw new Error(`an error at ${error.offset}+${error.length} of ${source.length}: ${error.message}`);
  if (/undefined|is not a function|Cannot read|\[object/.test(error.message.replaceAll(/`[^`]*`/g, '')))
    throw new Error(`an error in JavaScript's words: ${error.message}`);
}
