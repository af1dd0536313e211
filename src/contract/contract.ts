import { identifyFile } from '../util/file-state.ts';
import { type ContractFinding, checkAnswer, type GivenAnswer } from './answer-check.ts';
import { type AnswerParts, listAnswers } from './document/answer-parts.ts';
import { DocumentError } from './document/document-error.ts';
import { childOf, Documents, type Part, requireMap } from './document/documents.ts';
import { listOperations, type Operation } from './document/operations.ts';
import { type ExampleRequest, readExampleRequest } from './made/example-request.ts';
import { type MadeAnswer, makeAnswer } from './made/make-answer.ts';
import { PatternCheck } from './schemas/patterns.ts';
import { SchemaChecks } from './schemas/schema-checks.ts';
import type { SchemaContext } from './schemas/schema-context.ts';

/** What somebody says that a service does: a document of OpenAPI 3.0, 3.1 or 3.2, read once and asked often. */
export class Contract {
  /** The path of the document, as shown. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** What is not checked, a sentence each. */
  readonly warnings: readonly string[];
  /** What its schemas are read with. */
  readonly context: Omit<SchemaContext, 'direction'>;
  readonly #checks: SchemaChecks;
  readonly #answers: ReadonlyMap<Operation, readonly AnswerParts[]>;
  readonly #byShape = new Map<string, Operation[]>();

  /** @throws DocumentError when the document cannot be read */
  constructor(path: string, directory: string) {
    const documents = new Documents(directory);
    const root = requireMap(documents.open(path), 'an API document');
    const components = childOf(root, 'components');
    const patterns = new PatternCheck();
    const is30 = readVersion(root).startsWith('3.0');
    this.name = root.source.path;
    const isDynamic = root.source.text.includes('$dynamicRef');
    this.context = { documents, patterns, is30, isDynamic, named: components && childOf(components, 'schemas') };
    this.#checks = new SchemaChecks(this.context);
    this.operations = listOperations(root, documents);
    // What is wrong with an answer is said before it is asked for.
    this.#answers = new Map(this.operations.map((operation) => [operation, listAnswers(operation, documents)]));
    this.warnings = patterns.listUnchecked(documents.files.map((file) => documents.open(file)));
    this.#index();
  }

  /** The files that it was read from. */
  get files(): readonly string[] {
    return this.context.documents.files;
  }

  /** The operation that a request asks for. */
  find(method: string, path: string): Operation | undefined {
    const candidates = this.#byShape.get(`${method} ${countSegments(path)}`) ?? [];
    return candidates.find(({ paths }) => paths.some((pattern) => pattern.match(path)));
  }

  /** The methods that the document names for a path. */
  methodsOf(path: string): readonly string[] {
    const operations = this.operations.filter(({ paths }) => paths.some((pattern) => pattern.match(path)));
    return [...new Set(operations.map(({ method }) => method))];
  }

  /** What in an answer contradicts what the document says of its operation. @throws DocumentError when the document cannot be used for it */
  checkAnswer(operation: Operation, method: string, answer: GivenAnswer): readonly ContractFinding[] {
    const answers = this.#answers.get(operation) ?? [];
    return checkAnswer(
      operation,
      { method, answer, answers },
      { documents: this.context.documents, checks: this.#checks },
    );
  }

  /**
   * Makes the answer of an operation that went well: of its examples, else by its schemas, as a seed decides. @throws DocumentError
   * when there is none that the document allows
   */
  makeAnswer(operation: Operation, seed: string): MadeAnswer {
    const context = { ...this.context, direction: 'response' } as const;
    const answers = this.#answers.get(operation) ?? [];
    let first: string | undefined;
    // What is not required may be what goes wrong.
    for (const isSparse of [false, true]) {
      const made = makeAnswer(operation, { answers, context, seed, isSparse });
      // An example that is wrong is the document's.
      if (made.isExample) return made;
      const answer = { status: made.status, headers: new Map(made.headers), body: made.body };
      const [finding] = this.checkAnswer(operation, operation.method, answer);
      if (!finding) return made;
      first ??= finding.message;
    }
    const help = ['give the answer an `example` in the document, or the stub a route of its own'];
    throw new DocumentError(`no answer can be made by the schema: ${first}`, { span: operation.part.node.span, help });
  }

  /** What a request of an operation is, as far as the examples of the document show one. @throws DocumentError when it cannot be read */
  readExampleRequest(operation: Operation): ExampleRequest {
    return readExampleRequest(operation, { ...this.context, direction: 'request' });
  }

  #index(): void {
    for (const operation of this.operations) {
      for (const { text } of operation.paths) {
        const key = `${operation.method} ${countSegments(text)}`;
        const others = this.#byShape.get(key);
        if (!others) this.#byShape.set(key, [operation]);
        else if (!others.includes(operation)) others.push(operation);
      }
    }
  }
}

interface Kept {
  readonly contract: Contract;
  readonly state: string;
}

const MOST_KEPT = 32;
const kept = new Map<string, Kept>();

/** Reads the document of a service; one that was read already, and whose files are what they were, is not read again. @throws DocumentError when it cannot be read */
export function readContract(path: string, directory: string): Contract {
  const key = `${directory} ${path}`;
  const known = kept.get(key);
  if (known && known.state === describeState(known.contract.files)) return known.contract;
  const contract = new Contract(path, directory);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, { contract, state: describeState(contract.files) });
  return contract;
}

function describeState(files: readonly string[]): string {
  return files.map(identifyFile).join(' ');
}

function readVersion(root: Part): string {
  const stated = childOf(root, 'openapi')?.node;
  // Without quotes `3.1` is a number.
  const version = stated?.kind === 'scalar' ? stated.text.text : undefined;
  if (version !== undefined && /^3\.[012](?:\.|$)/.test(version)) return version;
  const help = ['documents of OpenAPI 3.0, 3.1 and 3.2 are read'];
  const span = root.node.span;
  const older = childOf(root, 'swagger');
  if (older)
    throw new DocumentError('this is Swagger 2.0', {
      span: older.node.span,
      help: ['convert it: documents of OpenAPI 3.0, 3.1 and 3.2 are read'],
    });
  if (version !== undefined)
    throw new DocumentError(`the version \`${version}\` of OpenAPI is not known`, {
      span: stated?.span,
      help,
    });
  throw new DocumentError('this is no OpenAPI document: it has no `openapi: 3.1.0`', {
    span: { ...span, end: span.start },
    help,
  });
}

function countSegments(path: string): number {
  let count = 0;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) count++;
  return count;
}
