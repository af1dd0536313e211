import { ExprError, parseJson, type Value } from '../expr/index.ts';
import { type AnswerParts, findAnswer, type HeaderPart } from './document/answer-parts.ts';
import { childOf, type Documents, type Part } from './document/documents.ts';
import { essenceOf, findMediaType, isJson, isJsonLines, type MediaType } from './document/media-types.ts';
import type { Operation } from './document/operations.ts';
import type { SchemaChecks, SchemaFinding } from './schemas/schema-checks.ts';
import { readTextValue } from './schemas/text-value.ts';

/** An answer, as it goes over the wire. */
export interface GivenAnswer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | string | undefined;
}

/** What contradicts a description of a service. */
export interface ContractFinding {
  readonly message: string;
  /** What says otherwise. */
  readonly part: Part | undefined;
  /** The word of a schema that is contradicted. */
  readonly word?: string | undefined;
}

/** What an answer is held against. */
export interface AnswerRules {
  readonly documents: Documents;
  readonly checks: SchemaChecks;
}

/** What in an answer contradicts its operation: a status that is not named, headers, the type of the body, the body. @throws DocumentError when the document cannot be used for it */
export function checkAnswer(
  operation: Operation,
  { method, answer, answers }: { method: string; answer: GivenAnswer; answers: readonly AnswerParts[] },
  rules: AnswerRules,
): readonly ContractFinding[] {
  const found = findAnswer(answers, answer.status);
  if (!found) {
    const known = answers.map(({ status }) => status).join(', ');
    const message = `the status ${answer.status} is not named: ${known === '' ? 'there is none' : `there are ${known}`}`;
    return [{ message, part: childOf(operation.part, 'responses') ?? operation.part }];
  }
  const headers = found.headers.flatMap((header) => checkHeader(header, answer, rules));
  const hasNoBody = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  return hasNoBody ? headers : [...headers, ...checkBody(found, answer, rules)];
}

function checkHeader(
  { name, part, isRequired }: HeaderPart,
  { headers }: GivenAnswer,
  { documents, checks }: AnswerRules,
): readonly ContractFinding[] {
  const text = headers.get(name.toLowerCase());
  if (text === undefined) return isRequired ? [{ message: `the header \`${name}\` is missing`, part }] : [];
  const schema = childOf(part, 'schema');
  if (!schema) return [];
  const findings = checks.find(readTextValue(text, schema, documents), schema, 'response');
  return findings.map((finding) => describe(finding, `the header \`${name}\``));
}

function checkBody(
  { mediaTypes, part }: AnswerParts,
  { headers, body = '' }: GivenAnswer,
  rules: AnswerRules,
): readonly ContractFinding[] {
  if (mediaTypes.length === 0) return [];
  const names = mediaTypes.map(({ name }) => `\`${name}\``).join(', ');
  const place = childOf(part, 'content') ?? part;
  if (body.length === 0) return [{ message: `there is no body: ${names} is named`, part: place }];
  const type = headers.get('content-type');
  if (type === undefined) return [{ message: `the body has no \`content-type\`: ${names} is named`, part: place }];
  const media = findMediaType(mediaTypes, type);
  if (!media) return [{ message: `the body is \`${essenceOf(type)}\`: ${names} is named`, part: place }];
  return checkContent(media, { type, text: String(body) }, rules);
}

function checkContent(
  { part }: MediaType,
  { type, text }: { type: string; text: string },
  rules: AnswerRules,
): readonly ContractFinding[] {
  const schema = childOf(part, 'schema');
  const item = childOf(part, 'itemSchema');
  if (isJsonLines(type) && item) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.flatMap((line, at) => checkJson(line, item, { name: `line ${at + 1}`, ...rules }));
  }
  if (!schema) return [];
  if (isJson(type)) return checkJson(text, schema, { name: 'body', ...rules });
  if (!essenceOf(type).startsWith('text/')) return [];
  const value = readTextValue(text, schema, rules.documents);
  return rules.checks.find(value, schema, 'response').map((finding) => describe(finding, '`body`'));
}

function checkJson(
  text: string,
  schema: Part,
  { name, checks }: AnswerRules & { name: string },
): readonly ContractFinding[] {
  let value: Value;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return [{ message: `\`${name}\`: ${error.message}`, part: schema }];
  }
  return checks.find(value, schema, 'response').map((finding) => describe(finding, `\`${name}\``));
}

/** The place of a finding is one in the whole that `where` names. */
function describe({ line, part, word }: SchemaFinding, where: string): ContractFinding {
  const [, place, rest] = /^`([^`]*)`((?:: | is `(?:readOnly|writeOnly)`).*)$/s.exec(line) ?? [];
  if (place === undefined || rest === undefined) return { message: `${where}: ${line}`, part, word };
  const whole = where.replace(/`$/, '');
  const inner = place.startsWith('[') ? place : `.${place}`;
  const isQuoted = where.endsWith('`');
  return { message: isQuoted ? `${whole}${inner}\`${rest}` : `${where}: ${line}`, part, word };
}
