import { judgesItsStep } from '../../model/action/definition.ts';
import type { NameRef } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { findNameRefs } from '../read/texts.ts';
import { findFirstKey, readForeignName, suggestForAnswer } from './foreign-results.ts';
import { listJudgements } from './judgements.ts';
import type { NameRecord, ReachedStep } from './name-scope.ts';

/** A use of a step's result: `create_user.body.id`, `steps["create-user"].body.id`. */
export interface ResultUse {
  readonly ref: NameRef;
  /** The place of the id. */
  readonly span: Span;
  /** What follows the id. */
  readonly path: NameRef['path'];
  /** The place of the key, where it does not stand right behind the id. */
  readonly place?: Span;
}

/** Checks the first part behind a step's id: a key of its result, or what the step captures; below it all is open. */
export function checkResultKey(
  step: PlannedStep,
  { ref, span, path, place }: ResultUse,
  { used, findings }: NameRecord,
): void {
  const [key, inner] = path;
  if (typeof key !== 'string') return;
  const whole = findWhole(step);
  if (whole?.name === key) {
    const id = ref.name === 'steps' ? `steps["${step.id}"]` : step.id;
    const write = (written: string): string => `${id}.${written}`;
    const before = place ?? placeOfKey(span, key);
    if (typeof inner === 'string') checkWholeKey(whole, { ref, span: before, key: inner, write }, findings);
    return;
  }
  if (step.resultKinds.has(key)) return;
  const captured = step.output.map(({ name }) => name);
  // What a misspelt capture was to be is no mistake of its own.
  const meant = captured.includes(key) ? key : findNearest(key, captured);
  if (meant !== undefined) used.add(meant);
  if (typeof inner === 'string' && captured.includes(inner)) used.add(inner);
  if (meant === key || isUnknown(step)) return;
  const keys = [...step.resultKinds.keys(), ...captured];
  findings.error(
    CODES.unknownName,
    `\`${step.id}\` has no \`${key}\``,
    place ?? placeOfKey(span, key),
    describeWayOut(step, { ref, path, keys }),
  );
}

/** Checks the keys that are read where a result goes on: `let r = made; r.status`, `get(made, "status")`. */
export function checkReachedKeys(ref: NameRef, find: (path: NameRef['path']) => ReachedStep, record: NameRecord): void {
  const seen = new Set<number>();
  for (const keys of ref.reached ?? []) {
    const path = keys.map(({ key }) => key);
    const { step, at } = find(path);
    const place = keys[at]?.span;
    // What stands right behind the id is checked there.
    if (!step || !place || ref.path.length > at || seen.has(place.start)) continue;
    seen.add(place.start);
    checkResultKey(step, { ref, span: place, path: path.slice(at), place }, record);
  }
}

/** Checks the first key behind what is the whole result once more, in the step's own assertions: `response.status`. */
export function checkOwnWhole(step: PlannedStep, { findings }: NameRecord): void {
  const whole = findWhole(step);
  if (!whole) return;
  for (const { expression, text } of [...step.assert, ...listJudgements(step)]) {
    if (!expression.names.some(({ name }) => name === whole.name)) continue;
    for (const ref of findNameRefs(expression, text, 'assert')) {
      const key = ref.name === whole.name ? findFirstKey(ref) : undefined;
      if (key !== undefined) checkWholeKey(whole, { ref, span: ref.span, key, write: (path) => path }, findings);
    }
  }
}

/** What holds all of a result once more, under a key of it. */
interface Whole {
  readonly name: string;
  /** The step whose result it is. */
  readonly step: PlannedStep;
}

/** What holds all of a step's result, or of that of the step which it repeats. */
function findWhole(step: PlannedStep): Whole | undefined {
  const owner = judgesItsStep(step.action) ? step.children[0] : step;
  const name = owner?.action.result.whole;
  return owner && name !== undefined && step.resultKinds.has(name) ? { name, step: owner } : undefined;
}

interface WholeUse {
  readonly ref: NameRef;
  /** What stands before the key. */
  readonly span: Span;
  readonly key: string;
  /** Writes a path of the result as it is written there. */
  write(path: string): string;
}

function checkWholeKey({ name, step }: Whole, { ref, span, key, write }: WholeUse, findings: Findings): void {
  if (step.resultKinds.has(key) || /^\d+$/.test(key) || isUnknown(step)) return;
  const keys = new Set([...step.resultKinds.keys()].filter((other) => other !== name));
  const help = suggestForAnswer(ref, { keys, write }, key) ?? `it has ${listNames([...keys], 20)}`;
  findings.error(CODES.unknownName, `\`${name}\` has no \`${key}\``, placeOfKey(span, key), [help]);
}

/** Checks the same where conditions see the results of several steps as one, each by its id: those of a `wait_until`. */
export function checkJoinedResults(step: PlannedStep, record: NameRecord): void {
  const joined = step.children.flatMap(({ action, children }) => (action.control?.joinsResults ? children : []));
  if (joined.length === 0) return;
  for (const { expression, text } of [...step.assert, ...listJudgements(step)]) {
    for (const ref of findNameRefs(expression, text, 'assert')) {
      const made = joined.findLast(({ id }) => id === ref.name);
      if (!made) continue;
      checkResultKey(made, { ref, span: ref.span, path: ref.path }, record);
      checkReachedKeys(ref, () => ({ step: made, at: 0 }), record);
    }
  }
}

/** Whether it is not known before the run what the result has. */
function isUnknown({ isBroken, hasOpenResult, fields }: PlannedStep): boolean {
  return isBroken || hasOpenResult || ['config', 'output', 'expect_error'].some((word) => fields.misspelt.has(word));
}

function describeWayOut(
  step: PlannedStep,
  { ref, path, keys }: Pick<ResultUse, 'ref' | 'path'> & { readonly keys: readonly string[] },
): readonly string[] {
  const [key = '', next] = path.map(String);
  const id = ref.name === 'steps' ? `steps["${step.id}"]` : step.id;
  if (next !== undefined && keys.includes(next)) return [`write \`${id}.${next}\`, without \`${key}\``];
  if (step.provides.includes(key)) return [`\`${key}\` is a variable by itself: write \`${key}\``];
  const nearest = findNearest(key, keys);
  if (nearest !== undefined) return [`did you mean \`${id}.${nearest}\`?`];
  const other = suggestForAnswer(ref, { keys: new Set(keys), write: (own) => `${id}.${own}` }, key);
  if (other !== undefined) return [other];
  if (keys.length === 0) return ['it gives nothing: capture with `output:` what is needed'];
  const known = `it has ${listNames(keys, 20)}`;
  const place = findContent(step);
  // `outputs`, `result`: how other tools call the answer itself.
  const field = readForeignName(key) === 'answer' ? next : key;
  const written = [id, place, field].filter((part) => part !== undefined).join('.');
  return place === undefined ? [known] : [`a field of what came back is \`${written}\``, known];
}

/** Where the fields stand that an answer has: in its body, or in the first of its things. */
function findContent({ action, resultKinds }: PlannedStep): string | undefined {
  const { list = '', first = `${list}[0]`, envelope } = action.result.items ?? {};
  if (resultKinds.has(list) && !envelope) return first;
  return resultKinds.has('body') ? 'body' : undefined;
}

/** The place of the key behind what is read, or of that where the key is not found: `.key`, `?.key`, `["key"]`. */
export function placeOfKey({ file, start, end }: Span, key: string): Span {
  const between = /^(?:\\?["']\])?(?:\?\.)?(?:\.|\[\\?["'])?/.exec(file.text.slice(end, end + 10))?.[0] ?? '';
  const at = end + between.length;
  return file.text.startsWith(key, at) ? { file, start: at, end: at + key.length } : { file, start, end };
}
