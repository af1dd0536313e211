import { dirname, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import { ExactNumber } from '../expr/index.ts';
import type { DeclaredVariable, NameRef, Renderable } from '../model/plan.ts';
import type { Span } from '../model/source-file.ts';
import { createSourceFile } from '../model/source-file.ts';
import { BUILTIN_NAMES, isShellName, VOLATILE_FUNCTIONS } from './builtin-names.ts';
import type { PlanContext } from './context.ts';
import { readMap, readText } from './fields.ts';
import { CODES, Findings } from './findings.ts';
import type { Field } from './keys.ts';
import { compileRenderable } from './renderable.ts';
import { compileTemplateText } from './texts.ts';

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

export interface PlannedVariable extends DeclaredVariable {
  readonly refs: readonly NameRef[];
}

/** The variables that a flow declares: its env_file's, then its own, in the order written. */
export function planVariables(fields: ReadonlyMap<string, Field>, context: PlanContext): PlannedVariable[] {
  const variables = [...planEnvFile(fields.get('env_file'), context)];
  const volatile = new Set([...BUILTIN_NAMES].filter(([, kind]) => kind === 'volatile').map(([name]) => name));
  for (const { key, value } of readMap(fields.get('env'), context.findings)?.entries ?? []) {
    const name = key.text.text;
    if (!NAME.test(name)) {
      context.findings.error(CODES.badId, `\`${name}\` cannot be a variable's name`, key.span, [
        'a name is letters, digits and `_`',
      ]);
      continue;
    }
    if (isShellName(name)) {
      const message = `\`${name}\` is a name that every shell has: the shell's value does not override this one`;
      context.findings.warn(CODES.shellName, message, key.span, ['another name can be set from outside']);
    }
    const compiled = compileRenderable(value, { what: name, schema: z.unknown(), where: 'env' }, context);
    const isVolatile = compiled.refs.some((ref) => volatile.has(ref.name)) || callsVolatile(value, context);
    if (isVolatile) volatile.add(name);
    const literal = compiled.renderable.isStatic ? (compiled.authored as Value) : undefined;
    variables.push({
      name,
      value: compiled.renderable as Renderable<Value>,
      origin: 'env',
      span: key.span,
      type: typeOf(literal),
      literal,
      isVolatile,
      refs: compiled.refs,
    });
  }
  return variables;
}

function callsVolatile(node: Parameters<typeof compileRenderable>[0], context: PlanContext): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.isRaw) return false;
  const quiet = { ...context, findings: new Findings() };
  const calls = compileTemplateText(node.text, quiet)?.calls ?? [];
  return calls.some((name) => VOLATILE_FUNCTIONS.has(name));
}

function typeOf(literal: Value | undefined): DeclaredVariable['type'] {
  if (literal === undefined || typeof literal === 'string') return 'string';
  if (typeof literal === 'number' || literal instanceof ExactNumber) return 'number';
  if (typeof literal === 'boolean') return 'bool';
  return literal === null ? 'any' : 'json';
}

function planEnvFile(field: Field | undefined, context: PlanContext): PlannedVariable[] {
  const name = readText(field, context.findings);
  if (name === undefined || !field) return [];
  const absolutePath = resolve(dirname(context.file.absolutePath), name);
  const text = readEnvFile(absolutePath, name, field.value.span, context);
  if (text === undefined) return [];
  const file = createSourceFile(name, absolutePath, text);
  return Object.entries(parseDotenv(text)).map(([key, value]) => {
    const start = Math.max(
      0,
      text.search(new RegExp(`^\\s*(export\\s+)?${key.replaceAll(/[.$]/g, '\\$&')}\\s*[=:]`, 'm')),
    );
    const span: Span = { file, start, end: start + key.length };
    const renderable: Renderable<Value> = { isStatic: true, span, render: () => value, spanAt: () => span };
    return {
      name: key,
      value: renderable,
      origin: 'env_file',
      span,
      type: 'string',
      literal: value,
      isVolatile: false,
      refs: [],
    };
  });
}

function readEnvFile(absolutePath: string, name: string, span: Span, context: PlanContext): string | undefined {
  try {
    const text = context.readFile(absolutePath);
    if (text !== undefined) return text;
    context.findings.error(CODES.envFile, `\`env_file\`: there is no file \`${name}\``, span, [
      `it is looked for beside the flow file, at ${absolutePath}`,
    ]);
  } catch (error) {
    const isDirectory = error instanceof Error && 'code' in error && error.code === 'EISDIR';
    const reason = isDirectory
      ? 'is a directory'
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    context.findings.error(CODES.envFile, `\`env_file\`: \`${name}\` ${reason}`, span, [
      'it must be a file of NAME=value lines',
    ]);
  }
  return undefined;
}
