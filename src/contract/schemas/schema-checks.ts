import { ExprError, isOverBudget, type Value } from '../../expr/index.ts';
import { explainErrors } from '../../schema/describe-errors.ts';
import { SchemaSet } from '../../schema/schema-set.ts';
import { DocumentError, describeSpan } from '../document/document-error.ts';
import { type Part, pointerOf } from '../document/documents.ts';
import { ONE_WAY } from './one-way-fields.ts';
import type { Direction, SchemaContext } from './schema-context.ts';
import { SchemaGatherer } from './schema-gatherer.ts';

/** What contradicts a schema. */
export interface SchemaFinding {
  /** The place in the value, what the schema wants, and what is there. */
  readonly line: string;
  readonly part: Part;
  /** The word of the schema that it contradicts. */
  readonly word: string | undefined;
}

/** The schemas of a document for one way that bodies go, each made when a value is first held against it. */
interface Way {
  readonly gatherer: SchemaGatherer;
  readonly schemas: SchemaSet;
}

/** Holds values against the schemas of a document. */
export class SchemaChecks {
  readonly #context: Omit<SchemaContext, 'direction'>;
  readonly #ways = new Map<Direction, Way>();

  constructor(context: Omit<SchemaContext, 'direction'>) {
    this.#context = context;
  }

  /** What in a value contradicts a schema; empty when nothing does. @throws DocumentError when the schema is none */
  find(value: Value, schema: Part, direction: Direction): readonly SchemaFinding[] {
    const { gatherer, schemas } = this.#wayOf(direction);
    const part = this.#followAlone(schema);
    try {
      const errors = schemas.find(gatherer.nameOf(part), value);
      return explainErrors(errors, value).map(({ line, error, origin }) => {
        const own = (origin && gatherer.partOf(origin)) ?? part;
        const word = origin?.[ONE_WAY];
        if (typeof word === 'string') return { line: describeOneWay(line, word, direction), part: own, word };
        return { line, part: own, word: error.keyword.includes(':') ? 'format' : error.keyword };
      });
    } catch (error) {
      if (!(error instanceof ExprError)) throw error;
      if (isOverBudget(error)) return [{ line: `it cannot be judged: ${error.message}`, part, word: undefined }];
      const place = `${describeSpan(part.node.span)} (${pointerOf(part)})`;
      throw new DocumentError(`the schema at ${place} cannot be used: ${error.message}`, { span: part.node.span });
    }
  }

  /** Where references lead that stand alone; what stands beside one holds as well, but for 3.0. */
  #followAlone(schema: Part): Part {
    const { documents, is30 } = this.#context;
    const isAlone = ({ node }: Part): boolean => is30 || (node.kind === 'map' && node.entries.length === 1);
    documents.follow(schema);
    let part = schema;
    for (let next = documents.step(part); next && isAlone(part); next = documents.step(part)) part = next;
    return part;
  }

  #wayOf(direction: Direction): Way {
    const known = this.#ways.get(direction);
    if (known) return known;
    const gatherer = new SchemaGatherer({ ...this.#context, direction });
    const made = { gatherer, schemas: new SchemaSet((name) => gatherer.make(name)) };
    this.#ways.set(direction, made);
    return made;
  }
}

function describeOneWay(line: string, word: string, direction: Direction): string {
  const place = /^(`.*?`): /.exec(line)?.[1] ?? 'this';
  return `${place} is \`${word}\`: ${direction === 'response' ? 'an answer does' : 'a request does'} not have it`;
}
