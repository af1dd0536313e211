import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import { findNearest, listNames } from '../../util/suggest.ts';
import { explainBeside, explainInPolicy, explainOtherSetting } from '../foreign/settings.ts';
import { suggestAuth, suggestForRounds, suggestListRoute } from '../foreign/shapes.ts';
import { helpWithBool } from './fields.ts';
import { CODES } from './findings.ts';
import { AUTH, suggestShape } from './issue-shapes.ts';
import { describeValue, expectationOf } from './issue-words.ts';
import { findMeantKey, STEP_KEYS } from './keys.ts';
import { listKeys, schemasAt } from './schema-keys.ts';
import { describeForms, suggestForm } from './union-forms.ts';

export type Path = readonly (string | number)[];

/** One thing that a schema found, as plain data. */
export interface Issue {
  readonly path: Path;
  readonly raw: $ZodIssue;
  readonly isUnion: boolean;
  /** Of an unknown key: the known one that it stands for. */
  readonly meant?: string | undefined;
  /** Of one that other tools have: how it is written here. */
  readonly help?: string | undefined;
  /** Whether what it stands for has to be there, and is not. */
  readonly isNeeded?: boolean | undefined;
}

export interface IssueContext {
  /** Whose settings they are: `http_request`, `retry`. */
  readonly what: string;
  /** Whether they are an action's, below `config`. */
  readonly isConfig: boolean;
  readonly schema: $ZodType;
  /** The value that was checked. */
  readonly root: unknown;
}

interface Parsed {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly $ZodIssue[] } | undefined;
}

/** The issues of a parse: one for each unknown key, unions opened where one branch was clearly meant, and no key missing that is only misspelt. */
export function listIssues(parsed: Parsed, about: Pick<IssueContext, 'schema' | 'root'>): Issue[] {
  const issues = (parsed.error?.issues ?? []).flatMap((raw) => openIssue(raw, []));
  const paired = foldAuth(issues, about).map((issue) => findMeaning(issue, issues, about));
  const reported = new Set(paired.map(({ path, meant }) => (meant ? writeKey([...path.slice(0, -1), meant]) : '')));
  // What a map as a whole has to be is not known before its unknown keys are.
  const unread = new Set(
    paired.flatMap(({ raw, path }) => (raw.code === 'unrecognized_keys' ? [writeKey(path.slice(0, -1))] : [])),
  );
  return paired.filter(
    ({ path, raw }) =>
      !(reported.has(writeKey(path)) && isMissing(about.root, path)) &&
      !(raw.code === 'custom' && unread.has(writeKey(path))),
  );
}

/** The unknown keys of an `auth` as another tool has it are one mistake: its shape. */
function foldAuth(issues: readonly Issue[], { schema, root }: Pick<IssueContext, 'schema' | 'root'>): readonly Issue[] {
  const value = valueAt(root, AUTH);
  const known = listKeys(schema, AUTH);
  const isOwn = typeof value === 'object' && value !== null && known.some((key) => Object.hasOwn(value, key));
  const own = issues.filter(({ path }) => path.length === 2 && path[0] === AUTH[0]);
  const [first] = own;
  if (first?.raw.code !== 'unrecognized_keys' || isOwn || suggestAuth(value) === undefined) return issues;
  const message = `expected one of ${listNames(known)}`;
  const shape: Issue = { path: AUTH, raw: { code: 'custom', path: [], message, input: value }, isUnion: false };
  return [shape, ...issues.filter((issue) => !own.includes(issue))];
}

/** Whether an issue is that a key is not there. */
export function isMissing(root: unknown, path: Path): boolean {
  return path.length > 0 && valueAt(root, path) === undefined;
}

/** A schema's issue in the words of a flow's author. */
export function describeIssue(issue: Issue, about: IssueContext): { code: string; message: string; help: string[] } {
  const { raw, path } = issue;
  if (raw.code === 'unrecognized_keys') return describeUnknownKey(issue, raw.keys[0] ?? '', about);
  if (isMissing(about.root, path)) return describeMissing(path, about);
  const where = path.length > 0 ? `\`${formatPath(path)}\` of \`${about.what}\`` : nameRoot(about);
  const value = valueAt(about.root, path);
  const forms = issue.isUnion ? schemasAt(about.schema, path) : [];
  const expected = issue.isUnion ? describeForms(forms) : expectationOf(raw);
  const isHidden = typeof value === 'string' && path.some((key) => SAYS_WHO.has(key));
  const given = raw.code === 'invalid_key' ? `the key \`${path.at(-1)}\`` : isHidden ? 'text' : describeValue(value);
  const got = / got /.test(expected) ? '' : `, got ${given}`;
  const form = suggestShape({ ...about, raw, path, value }) ?? (issue.isUnion ? suggestForm(forms, value) : undefined);
  return {
    code: CODES.wrongValue,
    message: `${where}: expected ${expected}${got}`,
    help: form === undefined ? suggestValue(raw, value, listKeys(about.schema, path)) : [form],
  };
}

/** Settings that say who one is: their texts are not quoted. */
const SAYS_WHO: ReadonlySet<string | number> = new Set(['auth', 'sasl', 'tls', 'headers', 'cookies']);

/** `headers.accept`, `items[0].id`. */
export function formatPath(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}

function openIssue(raw: $ZodIssue, prefix: Path): Issue[] {
  const path = [...prefix, ...raw.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  if (raw.code === 'unrecognized_keys') {
    return raw.keys.map((key) => ({ path: [...path, key], raw: { ...raw, keys: [key] }, isUnion: false }));
  }
  if (raw.code === 'invalid_union') {
    const deepest = findMeantBranch(raw.errors);
    if (deepest) return deepest.flatMap((inner) => openIssue(inner, path));
  }
  return [{ path, raw, isUnion: raw.code === 'invalid_union' }];
}

/** The branch whose own shape fits, with something wrong inside it: that one was meant. */
function findMeantBranch(branches: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | undefined {
  const inside = branches.filter((issues) => issues.every((issue) => issue.path.length > 0 || isUnknownKey(issue)));
  const known = inside.filter((issues) => !issues.some((issue) => issue.path.length === 0));
  if (inside.length > 0) return inside.length === 1 ? inside[0] : known.length === 1 ? known[0] : undefined;
  const ofItsKind = branches.filter((issues) => issues.every(isOfItsKind));
  return ofItsKind.length === 1 ? ofItsKind[0] : undefined;
}

function isUnknownKey({ code }: $ZodIssue): boolean {
  return code === 'unrecognized_keys';
}

/** Whether a value is of the kind that was wanted, and wrong in what it says. */
function isOfItsKind({ code, path, message }: $ZodIssue): boolean {
  if (code === 'custom') return / got /.test(message);
  return path.length > 0 || ['too_small', 'too_big', 'invalid_format'].includes(code);
}

function findMeaning(issue: Issue, all: readonly Issue[], about: Pick<IssueContext, 'schema' | 'root'>): Issue {
  if (issue.raw.code !== 'unrecognized_keys') return issue;
  const owner = issue.path.slice(0, -1);
  const key = writeKey(owner);
  const beside = all.filter(({ path }) => path.length === issue.path.length && writeKey(path.slice(0, -1)) === key);
  const missing = beside.filter(({ path }) => isMissing(about.root, path)).map(({ path }) => String(path.at(-1)));
  const isOnly = beside.filter(({ raw }) => raw.code === 'unrecognized_keys').length === 1;
  const known = listKeys(about.schema, owner);
  const word = String(issue.path.at(-1));
  const foreign = explainOtherSetting(word, known, (one) => !isMissing(about.root, [...owner, one]));
  if (foreign) {
    const isNeeded = foreign.insteadOf !== undefined && missing.includes(foreign.insteadOf);
    return { ...issue, meant: foreign.insteadOf, help: foreign.help, isNeeded };
  }
  const meant = findMeantKey(word, { known, missing, isOnly });
  const routes = meant === undefined ? suggestListRoute(word, valueAt(about.root, issue.path), known) : undefined;
  if (routes !== undefined) return { ...issue, meant: 'routes', help: routes };
  const ofStep = owner.length === 0 && meant === undefined ? explainBeside(word, known) : undefined;
  return { ...issue, meant, help: ofStep?.help };
}

function describeUnknownKey(issue: Issue, key: string, about: IssueContext) {
  const owner = issue.path.slice(0, -1);
  const place = owner.length > 0 ? `\`${formatPath(owner)}\` of \`${about.what}\`` : nameRoot(about);
  const known = listKeys(about.schema, owner);
  const isOfStep = owner.length === 0 && about.isConfig && Object.hasOwn(STEP_KEYS, key);
  const help =
    isOfStep && !issue.isNeeded && !issue.meant?.startsWith(key)
      ? [`\`${key}\` is a key of the step: write it beside \`config\`, in the same column`]
      : issue.meant
        ? [writeNested(key, known) ?? issue.help ?? `did you mean \`${issue.meant}\`?`]
        : [(about.isConfig ? issue.help : explainInPolicy(about.what, key)) ?? `it takes ${listNames(known, 20)}`];
  return { code: CODES.unknownKey, message: `unknown key \`${key}\` in ${place}`, help };
}

/** How a key is written that is a path to what stands below another: `value.order_id`. */
function writeNested(key: string, known: readonly string[]): string | undefined {
  const [first = '', ...below] = key.split('.');
  if (below.length === 0 || !known.includes(first) || !below.every((word) => /^\w+$/.test(word))) return undefined;
  return `write \`${first}: ${below.reduceRight((inner, word) => `{${word}: ${inner}}`, '…')}\``;
}

function describeMissing(path: Path, about: IssueContext) {
  const owner = path.slice(0, -1);
  const whose = owner.length > 0 ? `\`${formatPath(owner)}\` of \`${about.what}\`` : `\`${about.what}\``;
  const parent = owner.length > 0 ? formatPath(owner) : about.isConfig ? 'config' : about.what;
  const form = owner.length === 0 ? suggestForRounds(String(path[0]), listKeys(about.schema, [])) : undefined;
  const help = [form ?? `write it below \`${parent}:\``];
  return { code: CODES.missingKey, message: `${whose} needs \`${path.at(-1)}\``, help };
}

function nameRoot(about: IssueContext): string {
  return about.isConfig ? `\`config\` of \`${about.what}\`` : `\`${about.what}\``;
}

function suggestValue(raw: $ZodIssue, value: unknown, keys: readonly string[]): string[] {
  const isMapWanted = raw.code === 'invalid_type' && raw.expected === 'object' && keys.length > 0;
  if (isMapWanted) return [`it is a map with ${listNames(keys, 20)}`];
  if (typeof value !== 'string') return [];
  if (raw.code === 'invalid_value') {
    const nearest = findNearest(value, raw.values.map(String));
    return nearest ? [`did you mean \`${nearest}\`?`] : [];
  }
  if (raw.code !== 'invalid_type') return [];
  const help = raw.expected === 'boolean' ? helpWithBool(value) : undefined;
  const isNumber = /^(number|int)$/.test(raw.expected) && /^-?\d+(\.\d+)?$/.test(value);
  return help ? [help] : isNumber ? [`write \`${value}\`, without quotes`] : [];
}

/** What stands at a path; undefined where it leads to nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

function writeKey(path: Path): string {
  return JSON.stringify(path);
}
