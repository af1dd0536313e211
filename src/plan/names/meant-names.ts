import { suggestForName, suggestForNamespace } from '../../expr/index.ts';
import type { NameRef } from '../../model/plan.ts';
import { ownChildren } from '../../model/walk-steps.ts';
import { findNearest } from '../../util/suggest.ts';
import { suggestForFlowName } from '../foreign/names.ts';
import { explainOtherSetting } from '../foreign/settings.ts';
import type { PlannedStep } from '../read/context.ts';
import { listKeys } from '../read/schema-keys.ts';
import { isForeignKey, type ResultView, readForeignName, suggestForAnswer, suggestForTool } from './foreign-results.ts';
import { suggestCapture } from './name-findings.ts';
import type { NameScope } from './name-scope.ts';

/** What stands here for a name that other tools have, the same wherever it stands. */
export function suggestForWord(ref: NameRef, scope: NameScope): string | undefined {
  const { file, start } = ref.span;
  const namespaced = suggestForNamespace(file.text, start);
  if (namespaced !== undefined) return namespaced;
  const ofRound = suggestForRound(ref, scope);
  if (ofRound !== undefined) return ofRound;
  const foreign = readForeignName(ref.name);
  if (foreign === 'tool') return suggestForTool(ref, viewResult(ref, scope));
  if (foreign === 'answer' || foreign === 'earlier') return suggestForResult(ref, scope);
  const many = `${ref.name}s`;
  if (foreign === 'request' && ref.besides?.has(many)) return `did you mean \`${many}\`?`;
  if (foreign === 'request' && ref.besides?.size)
    return 'what is sent is no part of the result: name it under `env:`, and use the name in both places';
  if (ref.name === 'request' && !ref.besides?.size)
    return 'what a stub was asked is known to `body` and `headers` of its answers, to `then` and to `where`: for another status write another route';
  const [column] = ref.path;
  // Beside the rows of an answer it is one of these.
  if (ref.name === 'row' && typeof column === 'string' && !ref.besides?.has('rows'))
    return `a column of \`data:\` is a name by itself: write \`${column}\``;
  return suggestForFlowName(ref.name, ref.path, (name) => scope.base.has(name) || scope.made.has(name));
}

/** What the steps of a loop are given is called otherwise elsewhere: `loop.index`, `i`, `it`, `each.value`. */
function suggestForRound({ name, path }: NameRef, { loops }: NameScope): string | undefined {
  const [, word = ''] = ROUND_NAME.exec(name) ?? [];
  if (word === '') return undefined;
  for (const { id, action, bindings } of loops.toReversed()) {
    const usual = action.control?.binds?.({}) ?? [];
    const [item, index] = bindings;
    if (usual.length !== 2 || item === undefined || index === undefined) continue;
    const isHolder = HOLDER_OF_ROUND.test(word);
    const [key, ...rest] = path;
    const isCount = ROUND_COUNT.test(isHolder ? String(key ?? '') : word);
    const tail = (isHolder ? rest : path).map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`)).join('');
    return `\`${id}\` gives its steps \`${item}\` and, from 0, \`${index}\`: write \`${isCount ? index : `${item}${tail}`}\``;
  }
  return undefined;
}

const ROUND_NAME = /^\$?_*(loop|for_?each|each|iteration|i|idx|it|loop_?(?:index|item|count|counter|var|value))$/i;
const HOLDER_OF_ROUND = /^(?:loop|for_?each|each|iteration)$/i;
const ROUND_COUNT = /^(?:i|idx|index0?|counter|count|key|number|iteration|loop_?(?:index|count|counter))$/i;

/** What a condition of a step cannot ask of the step itself, whose result is there when it is over. */
export function suggestOfOwnEnd(
  { name, path, where, setting, besides }: NameRef,
  reader: PlannedStep | undefined,
): string | undefined {
  if (where !== 'config' || !reader || !besides?.size) return undefined;
  const { settings, result } = reader.action;
  const [key, ...rest] = path;
  if (name === result.items?.first && typeof key === 'string' && besides.has(key)) {
    const tail = rest.map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`)).join('');
    return `here its parts are named by themselves: write \`${key}${tail}\``;
  }
  const known = listKeys(settings.schema, []);
  const bound = known.includes(name) ? name : explainOtherSetting(name, known, () => false)?.insteadOf;
  if (!Object.hasOwn(result.keys, name) && !(bound === 'max_attempts' && /att?empt|tries|looks/.test(name)))
    return undefined;
  const way = bound === undefined ? '' : `write \`${bound}:\` beside \`${setting}\` to bound it, or `;
  return `that is known when the step is over: ${way}ask for it under \`assert\``;
}

/** What an unknown name was meant to be: a path of the result, or what an earlier step gave. */
export function suggestForUse(ref: NameRef, scope: NameScope): string | undefined {
  return ref.name === '$'
    ? suggestForPath(ref)
    : (suggestOfRequest(ref) ??
        suggestKey(ref) ??
        suggestGiven(ref, scope) ??
        suggestGivenInside(ref, scope) ??
        suggestResultKey(ref, scope));
}

/** The output of a flow that a step calls, of nearly this name. */
export function suggestNearlyGiven(ref: NameRef, scope: NameScope): string | undefined {
  for (const step of listSteps(scope).filter(({ calls }) => calls)) {
    const nearest = findNearest(ref.name, step.resultKinds.keys());
    if (nearest !== undefined) return `did you mean \`${writeMember(step, nearest, scope)}\`?`;
  }
  return undefined;
}

const REQUEST_KEYS: ReadonlySet<string> = new Set(['method', 'path', 'params', 'query', 'headers', 'body', 'form']);

/** Where a stub looks at a request, what is in it is named below that. */
function suggestOfRequest({ name, path, besides }: NameRef): string | undefined {
  if (!besides?.has('request') || !REQUEST_KEYS.has(name)) return undefined;
  const [key] = path;
  const tail = typeof key === 'string' && /^\w+$/.test(key) ? `.${key}` : '';
  return `it is a key of the request: write \`request.${name}${tail}\``;
}

const BODY_WORDS: ReadonlySet<string> = new Set(['json', 'data', 'payload', 'content', 'text']);
const PLAIN_PATH = /^\$((?:\.[A-Za-z_]\w*|\[\d+\]|\['[^'\n]*'\]|\["[^"\n]*"\])+)(?![\w.[(*])/;

/** `$.body.x`: JSONPath stands in `output` alone. */
function suggestForPath({ span: { file, start }, besides, path }: NameRef): string {
  const why = '`$` begins a JSONPath, which `output:` takes';
  if (!besides || besides.size === 0)
    return `${why}; here a name is needed: \`create_user.body.id\` with the id of a step`;
  const tail = PLAIN_PATH.exec(file.text.slice(start, start + 500))?.[1];
  const [key] = path;
  if (tail === undefined || typeof key !== 'string')
    return `${why}; an assertion names keys of the result, as in \`body.id\` or \`any(body.items, .id == 1)\``;
  const isBelowBody = !besides.has(key) && besides.has('body');
  const below = tail.startsWith('.')
    ? tail.slice(1)
    : path.length === 1
      ? key
      : key + tail.slice(tail.indexOf(']') + 1);
  return `write \`${isBelowBody ? `body${tail}` : below}\`: ${why}`;
}

/** The words of a path such as `$..id` or `header.content-type`, which reads as several names. */
export function listPathWords({ name, span: { file, start } }: NameRef): readonly string[] {
  const ahead = file.text.slice(start, start + 200);
  const path = name === '$' ? /^\$[\w.[\]*]*/ : /^[\w.]+(?:-[A-Za-z]\w*)+/;
  return (path.exec(ahead)?.[0] ?? '').split(/\W+/);
}

/** `result.body.id`: of the step itself in its assertions, of an earlier one elsewhere. */
function suggestForResult(ref: NameRef, scope: NameScope): string {
  const view = viewResult(ref, scope);
  const isOwn = view !== undefined && view.keys === ref.besides;
  const why = isOwn ? 'a step sees its own result by its keys' : 'the result of a step is named after its id';
  if (!view) return `${why}: write \`create_user.body.id\``;
  const known = suggestForAnswer(ref, view);
  if (known !== undefined) return `${why}: ${known}`;
  const keys = ref.path.filter((key) => typeof key === 'string');
  const [example = 'status'] = isOwn ? view.keys : ['body'];
  return `${why}: write \`${view.write(keys.join('.') || example)}\``;
}

/** The result that is meant: in its own assertions that of the step, elsewhere that of an earlier one. */
function viewResult({ name, path, besides }: NameRef, scope: NameScope): ResultView | undefined {
  if (besides && besides.size > 0 && readForeignName(name) !== 'earlier') return { keys: besides, write: (own) => own };
  const key = String(path.find((part) => typeof part === 'string'));
  const steps = listSteps(scope);
  const step = steps.find(({ resultKinds }) => resultKinds.has(key)) ?? steps[0];
  return step && { keys: new Set(step.resultKinds.keys()), write: (own) => writeMember(step, own, scope) };
}

function suggestGiven({ name }: NameRef, scope: NameScope): string | undefined {
  const later = [...scope.everything.values()].filter(({ isCapture }) => !isCapture).map(({ step }) => step);
  const step = [...listSteps(scope), ...later].find(({ calls, resultKinds }) => calls && resultKinds.has(name));
  return step && `the flow that \`${step.id}\` calls gives it: write \`${writeMember(step, name, scope)}\``;
}

/** The output of a flow that a step calls inside of a control: behind the control its captures alone are known. */
function suggestGivenInside({ name }: NameRef, { record }: NameScope): string | undefined {
  for (const control of new Set(record.inside.values())) {
    const step = ownChildren(control).find(({ calls, resultKinds }) => calls && resultKinds.has(name));
    if (step)
      return `the flow that \`${step.id}\` calls inside \`${control.id}\` gives it: ${suggestCapture(step.id, [name])}`;
  }
  return undefined;
}

/** `json.id`, `statusCode` and their like, as other tools call the keys of a result. */
function suggestKey(ref: NameRef): string | undefined {
  const { name, besides = new Set() } = ref;
  if (!isForeignKey(name, besides) || suggestForName(name)) return undefined;
  const known = suggestForAnswer(ref, { keys: besides, write: (own) => own });
  return known && (BODY_WORDS.has(name) ? `the answer is in \`body\`: ${known}` : known);
}

/** Of a flow that is called a key may be what its callers give. */
function suggestResultKey({ name }: NameRef, scope: NameScope): string | undefined {
  if (scope.record.calledWith) return undefined;
  const step = listSteps(scope).find(({ action, resultKinds }) => !action.traits?.isLocal && resultKinds.has(name));
  return step && `it is a key of the result of \`${step.id}\`: write \`${writeMember(step, name, scope)}\``;
}

/** The steps so far, the last first. */
function listSteps({ ended }: NameScope): readonly PlannedStep[] {
  return [...new Set(ended.values())].toReversed();
}

function writeMember({ id }: PlannedStep, key: string, { made, base }: NameScope): string {
  const isName = /^\w+$/.test(id) && !base.has(id) && !made.get(id)?.isCapture;
  return isName ? `${id}.${key}` : `steps['${id}'].${key}`;
}
