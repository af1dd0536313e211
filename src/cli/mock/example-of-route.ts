import type { Arrival } from '../../actions/stub/received.ts';
import type { Route } from '../../actions/stub/route.ts';
import type { StubContract } from '../../actions/stub/stub-contract.ts';
import type { RouteSettings } from '../../actions/stub/stub-settings.ts';
import type { ExampleRequest } from '../../contract/made/example-request.ts';
import { stringifyJson, type Value } from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { findMasked } from './asked-example.ts';

type Pairs = NonNullable<Example['query']>;
type Texts = readonly (readonly [string, string])[];
type Match = NonNullable<RouteSettings['match']>;
type Example = NonNullable<RouteSettings['example']>;

/** A request that a route takes, or why none can be made. */
export type MadeRequest =
  | { readonly arrival: Pick<Arrival, 'method' | 'target' | 'rawHeaders' | 'body'> }
  | { readonly reason: string };

interface About {
  readonly contract: StubContract | undefined;
  /** Whether it is of the document, and not of the stub's own. */
  readonly isDocumented: boolean;
  /** Reads a file beside that of the stub. @throws when it cannot be read */
  readonly readFile: (name: string) => Buffer;
}

const FORM = 'application/x-www-form-urlencoded';

/** Makes a request of what a route asks for: of its `example`, its `match`, and the examples of the document. */
export function makeRequest({ settings }: Route, { contract, isDocumented, readFile }: About): MadeRequest {
  const { match = {}, example = {} } = settings;
  const masked = findMasked(example as Value);
  if (masked !== undefined)
    return {
      reason: `\`example.${masked}\` is masked (\`${MASK}\`): give it a value, as \`"{{NAME}}"\` with --secret`,
    };
  const hasBody = [match.body, match.form, example.body, example.form, example.body_file].some(
    (one) => one !== undefined,
  );
  const method = settings.method === '*' ? undefined : settings.method?.toUpperCase();
  if (method === undefined && hasBody) return { reason: 'it takes any `method`, and has a body' };
  const shown = contract && readShown(contract, method ?? 'GET', settings.path);
  if (isDocumented && shown && shown.missing.length > 0)
    return { reason: `the document shows no example of ${shown.missing.join(' and ')}` };
  const path = makePath(settings, example, shown?.params ?? new Map());
  if ('reason' in path) return path;
  const query = joinTexts(match.query, example.query, shown?.query);
  const search = query.length === 0 ? '' : `?${encodeForm(query)}`;
  const body = example.body_file === undefined ? makeBody(match, example, shown) : undefined;
  const typed: Texts = body ? [['content-type', body.type]] : [];
  const headers = joinTexts(match.headers, example.headers, shown?.headers, typed);
  return {
    arrival: {
      method: method ?? 'GET',
      target: `${path.text}${search}`,
      rawHeaders: headers.flat(),
      body: example.body_file === undefined ? Buffer.from(body?.text ?? '') : readFile(example.body_file),
    },
  };
}

/** What the document shows of the operation, with the route's names of its parameters. */
function readShown({ contract }: StubContract, method: string, path: string | undefined): ExampleRequest | undefined {
  if (path === undefined) return undefined;
  const names: string[] = [];
  const marked = path.replaceAll(PARAMETERS, (_, colon: string | undefined, braces: string | undefined) => {
    names.push(colon ?? braces ?? '');
    return `${colon === undefined ? '' : '/'}${mark(names.length - 1)}`;
  });
  const operation = contract.find(method, marked);
  if (!operation) return undefined;
  const shown = contract.readExampleRequest(operation);
  const found = operation.paths.map((pattern) => pattern.match(marked)).find((one) => one !== undefined) ?? {};
  const params = new Map<string, string>();
  for (const [name, text] of Object.entries(found)) {
    const own = names.find((_, at) => text === mark(at));
    const value = shown.params.get(name);
    if (own !== undefined && value !== undefined) params.set(own, value);
  }
  return { ...shown, params };
}

const PARAMETERS = /\/:([A-Za-z_]\w*)(?=\/|$)|\{([^{}/]+)\}/g;

function mark(at: number): string {
  return `\u{e000}${at}`;
}

function makePath(
  { path, path_regex: regex }: RouteSettings,
  { path: given, params = {} }: Example,
  shown: ReadonlyMap<string, string>,
): { readonly text: string } | { readonly reason: string } {
  if (given !== undefined) return { text: given };
  const help = 'give it `example: {path: …}`';
  if (regex !== undefined) return { reason: `\`path_regex\` does not say which path: ${help}` };
  if (path === undefined || path.endsWith('*')) return { reason: `\`path\` does not say which one: ${help}` };
  const missing: string[] = [];
  const fill = (name: string): string => {
    const value = params[name] ?? shown.get(name);
    if (value === undefined) missing.push(name);
    return encodeURIComponent(String(value));
  };
  const text = path.replaceAll(PARAMETERS, (_, colon: string | undefined, braces: string | undefined) =>
    colon === undefined ? fill(braces ?? '') : `/${fill(colon)}`,
  );
  if (missing.length === 0) return { text };
  const names = missing.map((name) => `\`${name}\``).join(' and ');
  return { reason: `${names} of its path has no value: give it \`example: {params: {${missing[0]}: …}}\`` };
}

/** Texts by name: those that the route asks for, over them those of its example, and others that the document shows. */
function joinTexts(asked: Match['query'] = {}, given: Pairs = {}, ...others: readonly (Texts | undefined)[]): Texts {
  const names = new Set([...Object.keys(asked), ...Object.keys(given)].map((name) => name.toLowerCase()));
  const own = Object.entries({ ...asked, ...given }).flatMap(([name, value]): Texts => {
    if (Array.isArray(value)) return value.map((one) => [name, String(one)] as const);
    return typeof value === 'object' ? [] : [[name, String(value)]];
  });
  const more = others.flatMap((texts) => texts ?? []).filter(([name]) => !names.has(name.toLowerCase()));
  return [...own, ...more];
}

function makeBody(
  match: Match,
  example: Example,
  shown: ExampleRequest | undefined,
): { readonly type: string; readonly text: string } | undefined {
  const form = joinTexts(match.form, example.form);
  if (form.length > 0) return { type: FORM, text: encodeForm(form) };
  const value = (example.body ?? match.body) as Value | undefined;
  if (value === undefined) return shown?.body;
  return typeof value === 'string'
    ? { type: 'text/plain', text: value }
    : { type: 'application/json', text: stringifyJson(value) };
}

function encodeForm(texts: Texts): string {
  return String(new URLSearchParams(texts.map(([name, value]): [string, string] => [name, value])));
}
