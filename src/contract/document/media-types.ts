import { childrenOf, type Documents, type Part } from './documents.ts';

/** A kind of body that a document names. */
export interface MediaType {
  /** `application/json`, as written; may be a range. */
  readonly name: string;
  readonly part: Part;
}

const JSON_TYPE = /^(?:application|text)\/json$|\+json$/;
const JSON_LINES = /^application\/(?:x-ndjson|jsonl|x-jsonlines|json-lines|x-json-stream)$/;

/** Lists the kinds of bodies below `content`. */
export function listMediaTypes(content: Part, documents: Documents): readonly MediaType[] {
  return childrenOf(content).map(([name, part]) => ({ name, part: documents.follow(part) }));
}

/** The kind that a body of a type is of: the one that names it most exactly. */
export function findMediaType(types: readonly MediaType[], type: string): MediaType | undefined {
  const wanted = essenceOf(type);
  const ranges = [wanted, `${wanted.split('/')[0]}/*`, '*/*'];
  for (const range of ranges) {
    const found = types.find(({ name }) => essenceOf(name) === range);
    if (found) return found;
  }
  return undefined;
}

/** `application/json` of `application/json; charset=utf-8`. */
export function essenceOf(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Whether bodies of the type are JSON. */
export function isJson(type: string): boolean {
  return JSON_TYPE.test(essenceOf(type));
}

/** Whether each line of a body of the type is JSON by itself. */
export function isJsonLines(type: string): boolean {
  return JSON_LINES.test(essenceOf(type));
}
