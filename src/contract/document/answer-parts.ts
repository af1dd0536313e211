import { DocumentError } from './document-error.ts';
import { childOf, childrenOf, type Documents, isTrue, type Part, requireMap } from './documents.ts';
import { listMediaTypes, type MediaType } from './media-types.ts';
import type { Operation } from './operations.ts';

/** What an operation may answer with one status. */
export interface AnswerParts {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly part: Part;
  readonly headers: readonly HeaderPart[];
  readonly mediaTypes: readonly MediaType[];
}

/** A header of an answer. */
export interface HeaderPart {
  /** As written. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly part: Part;
}

/** Lists the statuses that an operation names, with the answers. @throws DocumentError when one cannot be read */
export function listAnswers({ part, name }: Operation, documents: Documents): readonly AnswerParts[] {
  const responses = childOf(part, 'responses');
  if (!responses) return [];
  return childrenOf(requireMap(responses, `\`responses\` of \`${name}\``))
    .filter(([status]) => !status.startsWith('x-'))
    .map(([status, given]) => readAnswer(status, documents.follow(given), documents));
}

/** The answer that stands for a status: by itself, by its hundred, or by `default`. */
export function findAnswer(answers: readonly AnswerParts[], status: number): AnswerParts | undefined {
  const names = [String(status), `${Math.floor(status / 100)}XX`, 'default'];
  for (const name of names) {
    const found = answers.find((answer) => answer.status.toUpperCase() === name.toUpperCase());
    if (found) return found;
  }
  return undefined;
}

function readAnswer(status: string, part: Part, documents: Documents): AnswerParts {
  if (!/^(?:[1-5]\d\d|[1-5]XX|default)$/i.test(status))
    throw new DocumentError(`\`${status}\` is no status: expected \`200\`, \`2XX\` or \`default\``, {
      span: part.node.span,
    });
  const named = childOf(requireMap(part, `the answer \`${status}\``), 'headers');
  const content = childOf(part, 'content');
  return {
    status,
    part,
    headers: named ? readHeaders(named, documents) : [],
    mediaTypes: content ? listMediaTypes(content, documents) : [],
  };
}

function readHeaders(named: Part, documents: Documents): readonly HeaderPart[] {
  // What a document says of this one under `headers` is not read, as the specification has it: `content` says it.
  return childrenOf(named)
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name, given]) => {
      const part = documents.follow(given);
      return { name, part, isRequired: isTrue(part, 'required') };
    });
}
