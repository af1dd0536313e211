import { describeMeant, suggestForName } from '../../expr/index.ts';
import type { NameRef } from '../../model/plan.ts';
import { positionAt, type Span } from '../../model/source-file.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { suggestForFlowName } from '../foreign/names.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import type { PlannedStep, PlannedVariable } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { suggestForAnswer } from './foreign-results.ts';
import { suggestCarry } from './round-refs.ts';

/** A name that exists at some point of a flow, and who makes it. */
export interface Producer {
  readonly step: PlannedStep;
  readonly isCapture: boolean;
  /** Why the name may be missing though all is well: what follows the name in a message, and what to do. */
  readonly maybe?: { readonly text: string; readonly help: string } | undefined;
}

/** Reports a name that nothing makes, with the nearest known one. */
export function reportUnknown(
  ref: NameRef,
  names: { readonly known: readonly string[]; readonly isPartial: boolean; readonly nearly?: string | undefined },
  findings: Findings,
): void {
  const besides = [...(ref.besides ?? [])];
  const nearest = findNearestName(ref, names.known);
  const meant =
    suggestForName(ref.name) ??
    names.nearly ??
    (nearest && `did you mean \`${nearest}\`?`) ??
    (ref.meant && ref.meant.as !== 'text' ? describeMeant(ref.meant) : undefined);
  if (meant) {
    findings.error(CODES.unknownName, `unknown name \`${ref.name}\``, ref.span, [
      meant,
      ...(ref.asText ? [ref.asText] : []),
    ]);
    return;
  }
  if (names.isPartial) return;
  const help = [`declare it under \`env:\`, capture it with \`output:\`, or pass it with \`--var ${ref.name}=…\``];
  const own = names.known.filter((name) => !BUILTIN_NAMES.has(name) && name !== 'steps' && name !== '$env');
  if (ref.asText !== undefined) help.unshift(ref.asText);
  if (besides.length > 0) help.unshift(`names here are ${listNames([...new Set([...besides, ...own])], 20)}`);
  if (ref.meant?.as === 'text') help.unshift(describeMeant(ref.meant));
  findings.error(CODES.unknownName, `unknown name \`${ref.name}\``, ref.span, help);
}

/** The name that an unknown one may have meant. */
export function findNearestName(ref: NameRef, known: readonly string[]): string | undefined {
  return findNearest(ref.name, [...(ref.besides ?? [])]) ?? findNearest(ref.name, known.filter(isLikely(ref.name)));
}

/** Reports a name that only the steps inside a control know. */
export function reportInsideOnly(ref: NameRef, control: PlannedStep, findings: Findings): void {
  const isVariable = control.bindings.includes(ref.name);
  const message = `\`${ref.name}\` is known only ${isVariable ? `to the steps of \`${control.id}\`` : `inside \`${control.id}\``}`;
  const help = isVariable
    ? 'keep it in a variable there: `set`, or `output:` of a step'
    : suggestCapture(ref.name, ref.path);
  findings.error(CODES.unknownName, message, ref.span, [help]);
}

/** A name that a control gives its steps, and has under another one here: the `item` of a loop with `item_name: order`. */
export interface Renamed {
  readonly name: string;
  readonly control: PlannedStep;
}

/** The names that a control gives its steps elsewhere, with those that it has here. */
export function listRenamed(control: PlannedStep): readonly (readonly [string, Renamed])[] {
  const usual = control.action.control?.binds?.({}) ?? [];
  return usual.flatMap((name, at) => {
    const own = control.bindings[at];
    return own === undefined || control.bindings.includes(name) ? [] : [[name, { name: own, control }] as const];
  });
}

/** Reports the usual name of what the control around calls by another one. */
export function reportRenamed(ref: NameRef, { name, control }: Renamed, findings: Findings): void {
  const message = `unknown name \`${ref.name}\`: \`${control.id}\` calls it \`${name}\``;
  findings.error(CODES.unknownName, message, ref.span, [`write \`${name}${writePath(ref.path)}\``]);
}

/** How what a step inside a control gives is known behind the control: by a capture, under a name that hides nothing of the result. */
export function suggestCapture(id: string, path: NameRef['path']): string {
  const keys = path.filter((key) => typeof key === 'string');
  const last = keys.at(-1);
  if (last === undefined) return 'capture there what is needed here: `output: { name: $.body.id }`';
  const name = [id, last].join('_').replaceAll(/\W/g, '_');
  return `capture it there, \`output: {${name}: $${writePath(path)}}\` of \`${id}\`, and write \`${name}\` here`;
}

function writePath(path: NameRef['path']): string {
  return path.map((key) => (/^[A-Za-z_]\w*$/.test(`${key}`) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('');
}

type Declared = Pick<PlannedVariable, 'name' | 'refs'>;

/** The names that a declared variable needs, through others too. */
function listUsed(variable: string, declared: readonly Declared[]): ReadonlySet<string> {
  const used = new Set<string>();
  const open = [variable];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { name } of declared.find((one) => one.name === next)?.refs ?? []) {
      if (!used.has(name)) open.push(name);
      used.add(name);
    }
  }
  return used;
}

/** Reports a name in a variable's value that is not defined above it. */
export function reportUnknownVariable(
  ref: NameRef,
  variable: string,
  names: { readonly known: ReadonlySet<string>; readonly declared: readonly Declared[] },
  findings: Findings,
): void {
  const word = suggestForFlowName(ref.name, ref.path, (name) => names.known.has(name));
  const isDeclared = names.declared.some(({ name }) => name === ref.name);
  if (word !== undefined && !isDeclared)
    findings.errorOnce(CODES.unknownName, `unknown name \`${ref.name}\``, ref.span, [word]);
  else if (ref.name === variable) {
    findings.error(CODES.usedBeforeCapture, `\`${ref.name}\` is defined in terms of itself`, ref.span, [
      'a value may use the names defined above it: give one of the two another name',
    ]);
  } else if (isDeclared && listUsed(ref.name, names.declared).has(variable)) {
    findings.error(
      CODES.usedBeforeCapture,
      `\`${variable}\` and \`${ref.name}\` are defined in terms of each other`,
      ref.span,
      ['a value may use the names defined above it: write out one of the two'],
    );
  } else if (isDeclared) {
    const help = `a value may use the names defined above it: move \`${ref.name}\` up`;
    findings.error(CODES.usedBeforeCapture, `\`${ref.name}\` is used above the line that defines it`, ref.span, [help]);
  } else reportUnknown(ref, { known: [...names.known], isPartial: false }, findings);
}

/** Reports a name that is made only later, or by the step itself. */
export function reportTooEarly(
  ref: NameRef,
  producer: Producer,
  { reader, loop }: { readonly reader: PlannedStep | undefined; readonly loop: PlannedStep | undefined },
  findings: Findings,
): void {
  const { step, isCapture } = producer;
  const carry = loop ? suggestCarry(ref, isCapture, loop) : [];
  const own = isCapture ? undefined : step.output.find(({ name }) => name === ref.path[0]);
  const place = `line ${positionAt(step.span.file, step.span.start).line}`;
  if (step !== reader) {
    const message = isCapture
      ? `\`${ref.name}\` is used before it is captured: step \`${step.id}\` (${place}) captures it`
      : `the result of \`${ref.name}\` is used before that step (${place}) has run`;
    findings.error(CODES.usedBeforeCapture, message, ref.span, [
      ...(carry.length > 0 ? carry : ['move the step that uses it after the one that makes it']),
    ]);
    return;
  }
  const captured = isCapture ? step.output.find(({ name }) => name === ref.name) : own;
  const name = own ? `${ref.name}.${own.name}` : ref.name;
  const message =
    isCapture || own
      ? `\`${name}\` is used before it is captured: this step captures it when it has passed`
      : `\`${ref.name}\` is this step: it has no result before it has passed`;
  const help =
    ref.where === 'assert' || ref.where === 'output'
      ? [`a step sees its own result by its keys: ${captured ? writeCaptured(captured) : writeOwnKey(ref)}`]
      : captured && ref.besides?.size
        ? [`here the result is seen by its keys: ${writeCaptured(captured)}`]
        : carry.length > 0
          ? carry
          : ['only later steps can use it'];
  findings.error(CODES.usedBeforeCapture, message, ref.span, help);
}

/** What a capture takes, as an expression over the result. */
function writeCaptured({ text, from }: PlannedStep['output'][number]): string {
  const written = text.text.trim();
  const path = /^(?:\$\.)?((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\[\d+\])*)$/.exec(written)?.[1];
  return `write \`${path ?? (from === 'names' && written.length < 100 ? written : 'body.id')}\``;
}

function writeOwnKey(ref: NameRef): string {
  const words = ref.path.filter((part) => typeof part === 'string');
  const known = suggestForAnswer(ref, { keys: ref.besides ?? new Set(), write: (own) => own }, words[0]);
  return known ?? `write \`${words.join('.') || 'status'}\``;
}

/** Reports a key of a result where an error is expected. */
export function reportNoResult(ref: NameRef, findings: Findings): void {
  findings.error(
    CODES.unknownName,
    `unknown name \`${ref.name}\`: with \`expect_error\` there is only \`error\``,
    ref.span,
    ['remove `expect_error` if an answer is expected: a refusal such as a 404 is an answer too'],
  );
}

/** Reports a key of the step's own result in its `when`; `meant`: what an earlier step has of that name. */
export function reportAskedBefore(ref: NameRef, meant: string | undefined, findings: Findings): void {
  const message = `unknown name \`${ref.name}\`: \`when\` is asked before the step runs, and there is no result yet`;
  findings.error(CODES.unknownName, message, ref.span, [
    'write the condition under `assert`, which is asked of the result',
    ...(meant === undefined ? [] : [meant]),
  ]);
}

/** Reports the id of a step that does not exist. */
export function reportNoStep(id: string, span: Span, ids: ReadonlySet<string>, findings: Findings): void {
  const nearest = findNearest(id, ids);
  const help = nearest ? `did you mean \`${nearest}\`?` : `the steps are ${listNames([...ids], 20)}`;
  findings.error(CODES.unknownName, `there is no step \`${id}\``, span, [help]);
}

interface DashedStep {
  readonly id: string;
  readonly span: Span;
}

/** The step whose id, with `-` in it, was written as a name: `create-user.body` is `create` minus `user.body`. */
export function findDashedStep(ref: NameRef, ids: ReadonlySet<string>): DashedStep | undefined {
  const { file, start } = ref.span;
  const id = /^[A-Za-z_][\w-]*/.exec(file.text.slice(start, start + 200))?.[0];
  if (!id?.includes('-') || !ids.has(id)) return undefined;
  return { id, span: { file, start, end: start + id.length } };
}

/** Reports how the result of such a step is reached. */
export function reportDashedStep({ id, span }: DashedStep, findings: Findings): void {
  const message = `\`${id}\` reads as a subtraction: a name cannot contain \`-\``;
  findings.error(CODES.unknownName, message, span, [`write \`steps['${id}']\`, or spell the id with \`_\``]);
}

/** Reports a key with `-` in it that reads as a difference. */
export function reportDashedKey(ref: NameRef, text: string, findings: Findings): void {
  const message = `unknown name \`${ref.name}\`: the \`-\` before it reads as a subtraction`;
  findings.error(CODES.unknownName, message, ref.span, [
    describeMeant({ as: 'key', text: ref.besides?.has('headers') ? text.replace(FOREIGN_HEADERS, 'headers[') : text }),
  ]);
}

/** The headers of an answer as other tools call them. */
const FOREIGN_HEADERS = /^(?:\w+\.)?(?:response)?headers?\[/i;

/** Built-in names are written in capitals: only a word that is too may have meant one. */
function isLikely(word: string): (name: string) => boolean {
  const isCapital = word === word.toUpperCase();
  return (name) => isCapital || !BUILTIN_NAMES.has(name) || name.toLowerCase() === word.toLowerCase();
}
