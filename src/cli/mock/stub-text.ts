import { isList, isMap, setKey, stringifyJson, type Value, type ValueMap } from '../../expr/index.ts';
import { findEntry, type Node, toData } from '../../source/yaml/node.ts';
import type { AskedExample } from './asked-example.ts';
import type { RecordedRoute } from './merge-samples.ts';
import type { SampleAnswer } from './sample.ts';
import { isTemplate, TEMPLATE } from './vary.ts';

const WIDTH = 100;
const PLAIN = /^[A-Za-z][\w./-]*(?: [\w./-]+)*$/;
const WORD = /^(?:y|n|yes|no|true|false|on|off|null|nil|nan|inf)$/i;

/** A route as the settings of a stub have it; `fileOf` gives the file of a body that is no text. */
export function toSettings(
  { method, path, match, answers, example }: RecordedRoute,
  fileOf: (bytes: Buffer) => string,
): Value {
  const all = answers.map(({ status, headers, body, bytes }): Value => {
    const answer: { [key: string]: Value } = {};
    if (status !== 200) answer['status'] = status;
    if (Object.keys(headers).length > 0) answer['headers'] = headers;
    if (body !== undefined) answer['body'] = body;
    if (bytes) answer['body_file'] = fileOf(bytes);
    return answer;
  });
  const answer: ValueMap = all.length === 1 ? { response: all[0] ?? {} } : { responses: all };
  const { bytes, ...asked } = example ?? {};
  const shown = { ...asked, ...(bytes && { body_file: fileOf(bytes) }) };
  return {
    ...{ method, path },
    ...(match && { match: match as Value }),
    ...(example && { example: shown as Value }),
    ...answer,
  } as Value;
}

/** The text of a stub's file, as one would write it. */
export function writeStub(routes: readonly Value[], service: string): string {
  return `# Recorded from ${service}; secrets and cookies are masked.\nroutes:${writeBlock(routes, 1)}\n`;
}

/** Behind a colon: on the same line where there is room. */
function writeBlock(value: Value, depth: number): string {
  const flow = writeFlow(value);
  const isRoutes = depth === 1;
  if (!isRoutes && (flow.length + depth * 2 <= WIDTH || !isCollection(value))) return ` ${flow}`;
  const pad = '  '.repeat(depth);
  if (isList(value)) return value.map((item) => `\n${pad}- ${writeItem(item, depth)}`).join('');
  return Object.entries(value as ValueMap)
    .map(([key, one]) => `\n${pad}${writeText(key)}:${writeBlock(one, depth + 1)}`)
    .join('');
}

function writeItem(item: Value, depth: number): string {
  const flow = writeFlow(item);
  if (flow.length + depth * 2 + 2 <= WIDTH || !isCollection(item)) return flow;
  return writeBlock(item, depth + 1).trimStart();
}

function isCollection(value: Value): boolean {
  return (isList(value) && value.length > 0) || (isMap(value) && Object.keys(value).length > 0);
}

function writeFlow(value: Value): string {
  if (typeof value === 'string') return writeText(value);
  if (isList(value)) return `[${value.map(writeFlow).join(', ')}]`;
  if (!isMap(value)) return stringifyJson(value);
  const entries = Object.entries(value).map(([key, one]) => `${writeText(key)}: ${writeFlow(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function writeText(text: string): string {
  if (isTemplate(text)) return quote(text.slice(TEMPLATE.length));
  if (/\{\{|\$\{|<</.test(text)) return `!raw ${stringifyJson(text)}`;
  return (PLAIN.test(text) && !WORD.test(text)) || /^\/[\w./-]+$/.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return text.includes('"') && /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : stringifyJson(text);
}

/** The bytes of a file beside the recording; undefined when it is not there. */
type ReadFile = (name: string) => Buffer | undefined;

/** What was recorded before. */
export interface Recording {
  readonly routes: readonly RecordedRoute[];
  /** Routes such as no recording writes, as they are. */
  readonly others: readonly Value[];
}

/** Reads a recording that was written before. */
export function readRecording(root: Node, readFile: ReadFile): Recording {
  const list = findEntry(root, 'routes')?.value;
  const routes: RecordedRoute[] = [];
  const others: Value[] = [];
  for (const item of list?.kind === 'seq' ? list.items : []) {
    const data = readValue(item);
    const route = isMap(data) ? readRoute(data, readFile) : undefined;
    if (route) routes.push(route);
    else others.push(data);
  }
  return { routes, others };
}

function readRoute(data: ValueMap, readFile: ReadFile): RecordedRoute | undefined {
  const { method, path, match, example, response, responses, ...more } = data;
  if (typeof method !== 'string' || typeof path !== 'string' || Object.keys(more).length > 0) return undefined;
  const given = isList(responses ?? null) ? (responses as readonly Value[]) : [response ?? {}];
  const answers = given
    .map((one) => (isMap(one) ? readAnswer(one, readFile) : undefined))
    .filter((one) => one !== undefined);
  if (answers.length < given.length) return undefined;
  const { query, body, ...others } = isMap(match ?? null) ? (match as ValueMap) : {};
  if (Object.keys(others).length > 0) return undefined;
  const known = { ...(query !== undefined && { query: query as ValueMap }), ...(body !== undefined && { body }) };
  const asked = readExample(example, readFile);
  return asked && { method, path, answers, match: match === undefined ? undefined : known, example: asked };
}

function readExample(example: Value | undefined, readFile: ReadFile): AskedExample | undefined {
  const { params, query, headers, form, body, body_file: file, ...more } = (example ?? {}) as ValueMap;
  const bytes = typeof file === 'string' ? readFile(file) : undefined;
  if (Object.keys(more).length > 0 || (file !== undefined && !bytes)) return undefined;
  const maps = Object.entries({ params, query, headers, form }).filter(([, one]) => one !== undefined);
  if (maps.some(([, one]) => !isMap(one ?? null))) return undefined;
  return { ...Object.fromEntries(maps), ...(body !== undefined && { body }), ...(bytes && { bytes }) };
}

function readAnswer(answer: ValueMap, readFile: ReadFile): SampleAnswer | undefined {
  const { status = 200, headers = {}, body, body_file: file, ...more } = answer;
  const bytes = typeof file === 'string' ? readFile(file) : undefined;
  if (Object.keys(more).length > 0 || (file !== undefined && !bytes)) return undefined;
  const texts = headers as SampleAnswer['headers'];
  return { status: Number(status), headers: texts, ...(body !== undefined && { body }), ...(bytes && { bytes }) };
}

/** The node as data; a text with placeholders is a template. */
function readValue(node: Node): Value {
  if (node.kind === 'seq') return node.items.map(readValue);
  if (node.kind === 'map') {
    const data: { [key: string]: Value } = {};
    for (const { key, value } of node.entries) setKey(data, key.text.text, readValue(value));
    return data;
  }
  const value = toData(node);
  return typeof value === 'string' && !node.isRaw && /\{\{|\$\{|<</.test(value) ? `${TEMPLATE}${value}` : value;
}
