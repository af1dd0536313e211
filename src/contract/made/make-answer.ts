import { isList, stringifyJson, type Value } from '../../expr/index.ts';
import type { AnswerParts, HeaderPart } from '../document/answer-parts.ts';
import { DocumentError, describeSpan } from '../document/document-error.ts';
import { childOf } from '../document/documents.ts';
import { essenceOf, isJson, type MediaType } from '../document/media-types.ts';
import type { Operation } from '../document/operations.ts';
import type { SchemaContext } from '../schemas/schema-context.ts';
import { Draws } from './draws.ts';
import { findExample } from './find-example.ts';
import { ValueMaker } from './make-value.ts';

/** An answer that a document gives, or that was made by its schemas. */
export interface MadeAnswer {
  readonly status: number;
  /** With the type of the body. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  /** Whether somebody wrote the body as an example. */
  readonly isExample: boolean;
}

/** How answers are made. */
export interface MakeOptions {
  /** The answers that the operation names. */
  readonly answers: readonly AnswerParts[];
  readonly context: SchemaContext;
  /** Decides what is random in them. */
  readonly seed: string;
  /** Whether fields are left out that nothing requires. */
  readonly isSparse?: boolean;
}

/** Makes the answer of an operation that went well. @throws DocumentError when none can be made */
export function makeAnswer(operation: Operation, options: MakeOptions): MadeAnswer {
  const chosen = chooseAnswer(options.answers);
  if (!chosen) throw new DocumentError(`\`${operation.name}\` names no answer`, { span: operation.part.node.span });
  const maker = new Maker(options, operation.name);
  const status = Number(chosen.status.replace(/XX$/i, '00').replace('default', '200'));
  const headers = chosen.headers.flatMap((header) => maker.makeHeader(header));
  const media = chosen.mediaTypes.find(({ name }) => isJson(name)) ?? chosen.mediaTypes[0];
  if (!media) return { status, headers, body: undefined, isExample: false };
  const { body, isExample } = maker.makeBody(media);
  return { status, headers: [['content-type', typeOf(media)], ...headers], body, isExample };
}

/** What goes well, the lowest status first; else whatever there is. */
function chooseAnswer(answers: readonly AnswerParts[]): AnswerParts | undefined {
  const rank = ({ status }: AnswerParts): number =>
    status.startsWith('2') ? Number(status.replace(/XX$/i, '99')) : status === 'default' ? 300 : 1000;
  return answers.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Of a range the type that stands for it. */
function typeOf({ name }: MediaType): string {
  return name.startsWith('*/') ? 'application/json' : name.replace(/^text\/\*/, 'text/plain');
}

class Maker {
  readonly #options: MakeOptions;
  readonly #values: ValueMaker;

  constructor(options: MakeOptions, name: string) {
    this.#options = options;
    const draws = new Draws(`${options.seed}/${name}`);
    this.#values = new ValueMaker(options.context, draws, { isSparse: options.isSparse ?? false });
  }

  makeHeader({ name, part, isRequired }: HeaderPart): readonly (readonly [string, string])[] {
    const given = findExample(part, this.#options.context.documents);
    const schema = childOf(part, 'schema');
    if (given === undefined && !(isRequired && schema)) return [];
    const value = given ?? (schema ? this.#values.make(schema) : '');
    return [[name.toLowerCase(), isList(value) ? value.map(String).join(',') : String(value)]];
  }

  makeBody(media: MediaType): { readonly body: string; readonly isExample: boolean } {
    const type = typeOf(media);
    const given = findExample(media.part, this.#options.context.documents);
    const schema = childOf(media.part, 'schema');
    const isText = essenceOf(type).startsWith('text/');
    if (given !== undefined) return { body: isJson(type) ? stringifyJson(given) : toText(given), isExample: true };
    if (isJson(type)) return { body: stringifyJson(schema ? this.#values.make(schema) : null), isExample: false };
    if (isText && schema) return { body: toText(this.#values.make(schema)), isExample: false };
    const message = `no answer of the type \`${type}\` can be made: ${describeSpan(media.part.node.span)} has no \`example\``;
    throw new DocumentError(message, { span: media.part.node.span });
  }
}

function toText(value: Value): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}
