import * as z from 'zod/mini';
import type { Value } from '../../expr/index.ts';
import { ExactNumber } from '../../expr/index.ts';
import type { DeclaredVariable, Renderable } from '../../model/plan.ts';
import { createSourceFile } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { BUILTIN_NAMES, isShellName, VOLATILE_FUNCTIONS } from '../read/builtin-names.ts';
import type { PlanContext, PlannedVariable } from '../read/context.ts';
import { readMap, readText } from '../read/fields.ts';
import { CODES, Findings } from '../read/findings.ts';
import type { Field, Fields } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import { describeStrayLines, readEnv } from '../read/read-env.ts';
import { compileTemplateText } from '../read/texts.ts';
import { checkVariableName } from '../read/variable-name.ts';

export interface PlannedVariables {
  readonly variables: readonly PlannedVariable[];
  /** Whether more may be declared than could be read. */
  readonly isPartial: boolean;
}

/** The variables that a flow declares: its env_file's, then its own, in the order written. */
export function planVariables(fields: Fields, context: PlanContext): PlannedVariables {
  const fromFile = planEnvFile(fields.get('env_file'), context);
  const variables = [...(fromFile ?? [])];
  const env = readMap(fields.get('env'), context.findings);
  const isPartial =
    !fromFile || (!env && fields.has('env')) || fields.misspelt.has('env') || fields.misspelt.has('env_file');
  const volatile = new Set([...BUILTIN_NAMES].filter(([, kind]) => kind === 'volatile').map(([name]) => name));
  for (const { key, value } of env?.entries ?? []) {
    const name = key.text.text;
    if (!checkVariableName(key, context.findings)) continue;
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
      isOutside: isItself(name, value),
      refs: compiled.refs,
      authored: compiled.authored,
    });
  }
  return { variables, isPartial };
}

/** `K: "${K}"`, in any spelling of a placeholder. */
function isItself(name: string, node: Node): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.isRaw) return false;
  const read = /^\s*(?:\{\{\s*(\w+)\s*\}\}|\$\{\s*(\w+)\s*\}|<<\s*(\w+)\s*>>)\s*$/.exec(node.value);
  return read?.slice(1).includes(name) ?? false;
}

function callsVolatile(node: Node, context: PlanContext): boolean {
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

function planEnvFile(field: Field | undefined, context: PlanContext): PlannedVariable[] | undefined {
  const name = readText(field, context.findings);
  if (name === undefined || field?.value.kind !== 'scalar') return field ? undefined : [];
  const named = readNamedFile(field.value.text, CODES.envFile, context);
  if (!named) return undefined;
  const { absolutePath, text } = named;
  const file = createSourceFile(name, absolutePath, text);
  const hiding = createSourceFile(name, absolutePath, text, { hidesLines: true });
  const { variables, strayLines } = readEnv(text);
  if (strayLines.length > 0) {
    const { message, help } = describeStrayLines(name, strayLines);
    context.findings.warn(CODES.strayLine, message, field.value.span, [help]);
  }
  return variables.map(({ name: key, value, start, unfilled }) => {
    const span = { file, start, end: start + key.length };
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
      authored: value,
      unfilled: unfilled === undefined ? undefined : { text: unfilled, span: { ...span, file: hiding } },
    };
  });
}
