import type { Documents, Part } from '../document/documents.ts';
import type { PatternCheck } from './patterns.ts';

/** Which way a body goes: fields that go the other way only are not in it. */
export type Direction = 'request' | 'response';

/** What a schema is read with. */
export interface SchemaContext {
  readonly documents: Documents;
  /** Whether schemas are those of OpenAPI 3.0, which are no JSON Schema yet. */
  readonly is30: boolean;
  readonly direction: Direction;
  /** Whether a reference means what stands around it when the schema is applied (`$dynamicRef`): then nothing may be taken apart. */
  readonly isDynamic: boolean;
  readonly patterns: PatternCheck;
  /** The schemas of the document by name. */
  readonly named: Part | undefined;
}

/** Where a schema stands among those that judge the same value. */
export interface SchemaPlace {
  /** Fields that schemas around it say go the other way. */
  readonly hidden: ReadonlySet<string>;
  /** Whether it is what a more special schema is built on, so that it does not ask which one is meant. */
  readonly isBase: boolean;
  /** Whether it judges a value of its own: what it finds out of the value's fields is of no use to others. */
  readonly isOwnValue: boolean;
}

/** Of a schema around which there is none. */
export const OUTERMOST: SchemaPlace = { hidden: new Set(), isBase: false, isOwnValue: true };
