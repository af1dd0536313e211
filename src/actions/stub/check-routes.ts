import { resolve } from 'node:path';
import { ExprError, findMisspelt } from '../../expr/index.ts';
import type { ConfigFinding } from '../../model/action/settings.ts';
import type { Foresight } from '../../model/action/traits.ts';
import { LateValue } from '../../model/late-value.ts';
import { readText } from '../../util/read-text.ts';
import { checkName, hasPlaceholder, isRecord, mentionIn } from '../settings/authored.ts';
import { checkEmptyMatch } from '../settings/empty-match.ts';
import { checkNoTime } from '../settings/no-time.ts';
import { checkWanted, describeTurnedRange } from '../settings/range.ts';
import { compilePathRegex } from './path-regex.ts';

type Authored = Readonly<Record<string, unknown>>;
type Path = ConfigFinding['path'];

/** What a request is told by, besides where it goes. */
const MATCHED = ['query', 'headers', 'form', 'body'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** The step that started the stub, or a stub of the run. */
export const mentionServer = mentionIn('server', 'stub');

/** Whether it is named as what it gives. */
export function checkServer(authored: unknown): readonly ConfigFinding[] {
  return checkName(authored, 'server', 'TM381');
}

/** What can be said of routes before the run. */
export function checkRoutes(authored: unknown): readonly ConfigFinding[] {
  const routes = isRecord(authored) ? authored['routes'] : undefined;
  if (!Array.isArray(routes)) return [];
  const states = routes.flatMap((route: unknown) => listNames(route, 'sets'));
  return routes.flatMap((route: unknown, index) =>
    isRecord(route) ? [...checkRoute(route, ['routes', index]), ...checkStates(route, states, ['routes', index])] : [],
  );
}

/** A state may be set by routes of another step: one that is spelled nearly as one that these set is hardly meant. */
function checkStates(route: Authored, states: readonly string[], path: Path): readonly ConfigFinding[] {
  return listNames(route, 'state').flatMap((name): readonly ConfigFinding[] => {
    const near = states.includes(name) ? undefined : findMisspelt(name, states);
    if (near === undefined) return [];
    const at = [...path, 'state', name];
    const message = `no route sets the state \`${name}\``;
    return [
      { severity: 'warning', code: 'TM381', path: at, isKey: true, message, help: [`did you mean \`${near}\`?`] },
    ];
  });
}

function listNames(route: unknown, key: 'sets' | 'state'): readonly string[] {
  const names = isRecord(route) ? route[key] : undefined;
  return isRecord(names) ? Object.keys(names) : [];
}

function checkRoute(route: Authored, path: Path): readonly ConfigFinding[] {
  const { path: given, response, responses, then } = route;
  const findings: ConfigFinding[] = [
    ...checkPath(route, path, 'match: { query: {…} }'),
    ...checkDelay(route, path),
    ...checkAnswer(response, [...path, 'response']),
    ...listItems(responses).flatMap((answer, index) => checkAnswer(answer, [...path, 'responses', index])),
  ];
  const add = (key: string, message: string, help: readonly string[]) =>
    findings.push({ severity: 'error', code: 'TM381', path: [...path, key], message, help });
  if (given === undefined && route['path_regex'] === undefined)
    findings.push({
      severity: 'error',
      code: 'TM381',
      path,
      message: 'a route needs `path`',
      help: ['for example `path: /users/:id`; `path: "*"` takes every path'],
    });
  if (response !== undefined && responses !== undefined)
    add('responses', '`response` and `responses` are both given: write one of them', [
      '`responses` are used in turn, and the last one stays',
    ]);
  for (const [index, next] of listItems(then).entries()) {
    if (!isRecord(next)) continue;
    findings.push(...checkCallback(next['http'], [...path, 'then', index, 'http', 'url']));
    const isOne = (next['http'] === undefined) !== (next['kafka'] === undefined);
    if (!isOne)
      findings.push({
        severity: 'error',
        code: 'TM381',
        path: [...path, 'then', index],
        message: 'what follows an answer is either `http` or `kafka`',
        help: ['for example `{after: 200ms, http: {url: "{{request.body.callback}}", body: {…}}}`'],
      });
  }
  return findings;
}

/** A callback is sent by itself: there is nothing that a path could be relative to. */
function checkCallback(http: unknown, path: Path): readonly ConfigFinding[] {
  const given = isRecord(http) ? http['url'] : undefined;
  const url = given instanceof LateValue ? given.toAuthored?.() : undefined;
  if (typeof url !== 'string' || /^(?:https?:\/\/[^/]|\{\{|\$\{)/i.test(url)) return [];
  const message = `\`url\` of what follows an answer: expected a whole address, got \`${url}\``;
  const isPath = url.startsWith('/');
  const help = [
    isPath
      ? `write \`url: "{{services.orders.url}}${url}"\`, or \`url: "{{request.body.callback}}"\``
      : 'it begins with `http://` or `https://`',
  ];
  return [{ severity: 'error', code: 'TM381', path, message, help }];
}

/** What can be said of which requests are meant: of a route, and of a verify. */
function checkPath(authored: Authored, at: Path, query: string): readonly ConfigFinding[] {
  const isMatched = authored['match'] !== undefined;
  const { path, path_regex: regex } = authored;
  const finding = { severity: 'error', code: 'TM381', path: [...at, 'path_regex'] } as const;
  const mistake = describeRegex(regex);
  const isTwice = path !== undefined && regex !== undefined;
  return [
    ...(isTwice ? [{ ...finding, message: '`path` and `path_regex` are both given: write one of them' }] : []),
    ...(mistake === undefined ? [] : [{ ...finding, message: `\`path_regex\`: ${mistake}` }]),
    ...checkNoQuery(path, { at: [...at, 'path'], query }),
    ...checkMethod(authored, at),
    ...PARTS.flatMap((part) =>
      checkPart(isMatched ? authored['match'] : authored, part, isMatched ? [...at, 'match'] : at),
    ),
  ];
}

const PARTS = ['headers', 'query', 'form'] as const;

/** A part of a request is compared with a text as it stands: words that other tools have for any text, or for none, are hardly meant. */
function checkPart(authored: unknown, part: (typeof PARTS)[number], at: Path): readonly ConfigFinding[] {
  const parts = isRecord(authored) ? authored[part] : undefined;
  if (!isRecord(parts)) return [];
  return Object.entries(parts).flatMap(([name, text]): readonly ConfigFinding[] => {
    const help = typeof text === 'string' ? suggestInsteadOf(text, name, part) : undefined;
    if (help === undefined) return [];
    // The text may be a secret.
    const message = `\`${name}\` is compared with what stands here, character by character`;
    return [{ severity: 'warning', code: 'TM381', path: [...at, part, name], message, help: [help] }];
  });
}

function suggestInsteadOf(text: string, name: string, part: (typeof PARTS)[number]): string | undefined {
  const read = `request.${part}["${part === 'headers' ? name.toLowerCase() : name}"]`;
  // In a query or a form these may be meant.
  const isWord = part === 'headers' && !/^accept/i.test(name);
  if (/^(?:absent|missing|undefined)$/i.test(text) || (isWord && text === 'nil'))
    return `write \`${name}: {absent: true}\` for one that is not there`;
  if (/^(?:present|exists|<any>)$/i.test(text) || (isWord && /^(?:any|\*|\.\*)$/i.test(text)))
    return `that it is there is a condition: \`where: '${read} != nil'\``;
  return /^\/.*[\\^$*+?[(|].*\/[gimsuy]*$|^(?:regex|regexp):|\s\*$/.test(text)
    ? `a condition is \`where:\`, as in \`where: '${read} contains "…"'\``
    : undefined;
}

/** A method may be any word: one that is spelled nearly as a usual one is hardly meant. */
function checkMethod({ method }: Authored, at: Path): readonly ConfigFinding[] {
  if (typeof method !== 'string' || METHODS.includes(method.toUpperCase())) return [];
  const near = /^(?:any|all)$/i.test(method) ? '*' : findMisspelt(method, METHODS);
  if (near === undefined) return [];
  const message = `the method \`${method}\` is none that clients usually send`;
  const help = [`did you mean \`${near}\`?`];
  return [{ severity: 'warning', code: 'TM381', path: [...at, 'method'], message, help }];
}

/** A path is compared without what follows `?`, so that one with it takes no request. */
export function checkNoQuery(
  path: unknown,
  { at, query }: { readonly at: Path; readonly query: string | undefined },
): readonly ConfigFinding[] {
  if (typeof path !== 'string') return [];
  const mark = maskPlaceholders(path).indexOf('?');
  if (mark === -1) return [];
  const message = `\`${path.slice(mark)}\` is no part of a path: no request has the path \`${path}\``;
  const rest = query === undefined ? '' : `, and the query as \`${query}\``;
  const help = [`write \`path: ${path.slice(0, mark)}\`${rest}`];
  return [{ severity: 'warning', code: 'TM381', path: at, message, help }];
}

/** The text with what only the run knows blanked out. */
function maskPlaceholders(text: string): string {
  return text.replace(/\{\{.*?\}\}|\$\{.*?\}/g, (found) => '_'.repeat(found.length));
}

/** What can be said of an answer: of a route, or of the fallback. */
export function checkAnswer(answer: unknown, at: Path): readonly ConfigFinding[] {
  if (!isRecord(answer)) return [];
  const { status } = answer;
  const word = ['body', 'body_file'].find((key) => answer[key] !== undefined);
  const isBare = (status === 204 || status === 304) && word !== undefined;
  const found = [...checkDelay(answer, at), ...checkOneBody(answer, at)];
  if (!isBare) return found;
  const message = `an answer with status ${status} has no body: \`${word}\` is not sent`;
  const help = [`leave \`${word}\` out, or answer with another status, such as 200`];
  return [...found, { severity: 'warning', code: 'TM381', path: [...at, word], isKey: true, message, help }];
}

function checkOneBody({ body, body_file: file }: Authored, at: Path): readonly ConfigFinding[] {
  if (body === undefined || file === undefined) return [];
  const message = '`body` and `body_file` are both given: write one of them';
  const help = ['`body_file` sends what stands in the file, byte for byte'];
  return [{ severity: 'error', code: 'TM381', path: [...at, 'body_file'], isKey: true, message, help }];
}

/** What a file holds is sent as it is: a placeholder in it is hardly meant to be. */
export function checkBodyFiles(authored: unknown, directory: string): readonly ConfigFinding[] {
  const routes = isRecord(authored) ? listItems(authored['routes']) : [];
  return routes.flatMap((route, index) => {
    if (!isRecord(route)) return [];
    const at = ['routes', index];
    return [
      ...checkBodyFile(route['response'], [...at, 'response'], directory),
      ...listItems(route['responses']).flatMap((answer, place) =>
        checkBodyFile(answer, [...at, 'responses', place], directory),
      ),
    ];
  });
}

function checkBodyFile(answer: unknown, at: Path, directory: string): readonly ConfigFinding[] {
  const file = isRecord(answer) ? answer['body_file'] : undefined;
  if (typeof file !== 'string' || hasPlaceholder(file)) return [];
  const found = findPlaceholder(resolve(directory, file));
  if (found === undefined) return [];
  const message = `\`${file}\` is sent as it is, with \`${found}\` in it`;
  const help = ['placeholders are filled in below `body`: write the answer there'];
  return [{ severity: 'warning', code: 'TM381', path: [...at, 'body_file'], message, help }];
}

function findPlaceholder(path: string): string | undefined {
  try {
    return /\{\{\s*[A-Za-z_][\w.]*\s*\}\}/.exec(readText(path))?.[0];
  } catch {
    // That it cannot be read is said already; what is no text has none.
    return undefined;
  }
}

function checkDelay({ delay }: Authored, at: Path): readonly ConfigFinding[] {
  const turned = describeTurnedRange(delay);
  if (turned === undefined) return [];
  const help = ['a delay is drawn between the two'];
  return [{ severity: 'error', code: 'TM381', path: [...at, 'delay'], message: `\`delay\`: ${turned}`, help }];
}

/** What can be said of a verify before the run. */
export function checkVerify(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const isForNone = isNone(authored['count']);
  const missed = 'a request that comes';
  const help = 'leave it out for 500 ms, or write how long such a request may take';
  return [
    ...checkServer(authored),
    ...checkPath(authored, [], 'query: {…}'),
    ...checkWanted(authored['count'], 'requests'),
    ...(isForNone
      ? checkNoTime(authored, { key: 'within', code: 'TM381', missed, help })
      : checkEmptyMatch(authored, MATCHED, { at: [], code: 'TM381', noun: 'request' })),
  ];
}

/** What a verify will find: without an upper bound it ends as soon as enough requests are there. */
export function foreseeRequests(authored: unknown): Foresight {
  const { count } = isRecord(authored) ? authored : {};
  const isBounded = isRecord(count) ? count['max'] !== undefined : count !== undefined;
  const growth = { keys: ['requests', 'count'], toLookOn: '`count: 1`, or `count: {min: …, max: …}`' };
  return {
    found: 'own',
    expected: {
      settings: ['path', 'query', 'headers', 'form', 'body', 'where'],
      absence: isNone(count) ? 'count' : undefined,
    },
    ...(!isBounded && { growth }),
  };
}

/** Whether a count says that there may be none. */
function isNone(count: unknown): boolean {
  return count === 0 || (isRecord(count) && count['max'] === 0);
}

function listItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function describeRegex(source: unknown): string | undefined {
  if (typeof source !== 'string' || hasPlaceholder(source)) return undefined;
  try {
    compilePathRegex(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return error.message;
  }
}
