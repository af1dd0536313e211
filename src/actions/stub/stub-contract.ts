import { type Contract, readContract } from '../../contract/contract.ts';
import { DocumentError } from '../../contract/document/document-error.ts';
import { childOf, type Part, pointerOf } from '../../contract/document/documents.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import type { Location, Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import { drawRandom } from '../settings/random.ts';
import type { StubRequest } from './received.ts';
import type { StartSettings } from './stub-settings.ts';
import type { ReadyAnswer } from './wire/send-answer.ts';

/** What the service that a stub stands for is said to do. */
export interface StubContract {
  readonly contract: Contract;
  /** Decides what is random in answers that are made by it. */
  readonly seed: string;
}

/** Reads the document that the settings name; undefined when they name none. @throws ActionError when it cannot be read */
export function openContract(
  { from, contract: held }: Pick<StartSettings, 'from' | 'contract'>,
  { expressions, facts }: LastingIo,
): StubContract | undefined {
  const path = from ?? held;
  if (path === undefined) return undefined;
  try {
    return { contract: readContract(path, facts.directory), seed: String(drawRandom(expressions.host)) };
  } catch (error) {
    throw describeRefusal(error, from === undefined ? 'contract' : 'from') ?? error;
  }
}

function describeRefusal(error: unknown, setting: string): ActionError | undefined {
  if (!(error instanceof DocumentError)) return undefined;
  const { message, span, help } = error;
  return new ActionError({
    kind: 'authoring',
    message: `\`${setting}\`: ${message}`,
    location: span && toLocation(span),
    hints: help,
  });
}

/** What in an answer the service does not promise; undefined when nothing is. `who` gave it where no route did. */
export function findContradiction(
  { contract }: StubContract,
  request: Pick<StubRequest, 'method' | 'path' | 'matched_route'>,
  { status, headers, body }: ReadyAnswer,
  who?: string,
): Problem | undefined {
  const { method, path, matched_route: route } = request;
  const operation = contract.find(method, path) ?? (method === 'HEAD' ? contract.find('GET', path) : undefined);
  // What a browser asks before it asks is in no document.
  if (!operation) return method === 'OPTIONS' ? undefined : describeUnknown(contract, request);
  const what = `the answer ${status} of ${who ?? `the route \`${route ?? operation.name}\``}`;
  try {
    const answer = { status, body, headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])) };
    const [first, ...more] = contract.checkAnswer(operation, method, answer);
    if (!first) return undefined;
    const place = first.part && `${pointerOf(first.part)}${first.word === undefined ? '' : `/${first.word}`}`;
    return {
      ...{ outcome: 'errored', kind: 'authoring' },
      message: `${what} contradicts \`${contract.name}\`: ${first.message}${place === undefined ? '' : `, by ${place}`}`,
      location: first.part && locate(first.part, first.word),
      hints: more.map(({ message }) => message),
    };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const message = `${what} cannot be held against \`${contract.name}\`: ${error.message}`;
    return { outcome: 'errored', kind: 'authoring', message, location: error.span && toLocation(error.span) };
  }
}

/** The place of a word of a schema, where it stands there. */
function locate(part: Part, word: string | undefined): Location {
  const child = word === undefined ? undefined : childOf(part, word);
  return toLocation((child ?? part).node.span);
}

function describeUnknown(
  contract: Contract,
  { method, path, matched_route: route }: Pick<StubRequest, 'method' | 'path' | 'matched_route'>,
): Problem {
  const methods = contract.methodsOf(path);
  const known = methods.length === 0 ? 'has no such path' : `has ${methods.join(', ')} for it`;
  return {
    ...{ outcome: 'errored', kind: 'authoring' },
    message: `the route \`${route}\` answers ${method} ${path}, which \`${contract.name}\` does not name: it ${known}`,
  };
}
