import * as z from 'zod/mini';
import type { ExpectedError, NameRef, Renderable } from '../../model/plan.ts';
import type { Node } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode, helpWithBool } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Field } from '../read/keys.ts';

const SCHEMA = z
  .strictObject({
    kind: z.optional(z.enum(['connection', 'timeout', 'http', 'sql', 'kafka', 'redis', 'expectation', 'child'])),
    code: z.optional(z.pipe(z.union([z.string(), z.number()]), z.transform(String))),
    message: z.optional(z.string()),
  })
  .check(z.refine((error) => Object.keys(error).length > 0, 'at least one of `kind`, `code` and `message`'));

/** Whether an action must not succeed, and with which error. */
export interface PlannedError {
  readonly expectsError: boolean;
  readonly expectedError?: Renderable<ExpectedError> | undefined;
}

/** Plans `expect_error`: a bool, or the error that it has to be; the names that it reads are added to `refs`. */
export function planExpectedError(field: Field | undefined, refs: NameRef[], context: PlanContext): PlannedError {
  if (!field) return { expectsError: false };
  if (field.value.kind !== 'map') return { expectsError: readSwitch(field.value, context.findings) };
  const options = { what: 'expect_error', schema: SCHEMA, where: 'assert', anchor: field.key.span } as const;
  const compiled = compileRenderable(field.value, options, context);
  refs.push(...compiled.refs);
  return { expectsError: true, expectedError: compiled.renderable as Renderable<ExpectedError> };
}

function readSwitch(value: Node, findings: Findings): boolean {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  const meant = value.kind === 'scalar' ? helpWithBool(value.text.text) : undefined;
  const message = `\`expect_error\`: expected \`true\`, \`false\` or a map with the error, got ${describeNode(value)}`;
  findings.error(CODES.wrongValue, message, value.span, [meant ?? 'for example `{kind: sql, code: "23505"}`']);
  return false;
}
