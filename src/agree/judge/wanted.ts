import type { Location } from '../../model/events.ts';
import { foldName } from '../words/field-name.ts';
import { joinType, splitWords } from '../words/type-name.ts';

/** What is to be compared; without `things` all that the flow knows. */
export interface Wanted {
  readonly things?: readonly WantedThing[] | undefined;
}

/** A thing that the author names. */
export interface WantedThing {
  readonly name: string;
  readonly type: string;
  readonly ids: readonly string[];
  /** Fields that are the same at any time; absent: all, as they are compared of themselves. */
  readonly fields?: readonly string[] | undefined;
  readonly except: readonly string[];
  /** Where the flow says so itself: what it names there has to be seen. */
  readonly location?: Location | undefined;
}

/** Whether a field is compared, and whether it is the same at any time. */
export function wantsField({ fields, except }: WantedThing, field: string): 'no' | 'auto' | 'fixed' {
  if (except.some((name) => isNamed(name, field))) return 'no';
  if (!fields) return 'auto';
  return fields.some((name) => isNamed(name, field)) ? 'fixed' : 'no';
}

/** `items.quantity` is that of each item, `address` all that is below it. */
export function isNamed(name: string, field: string): boolean {
  const [wanted, found] = [toParts(name), toParts(field)];
  return wanted.length <= found.length && wanted.every((part, index) => part === found[index]);
}

/** The parts of a path, each in a form for one and many: of lists it is the kind of their items. */
function toParts(path: string): readonly string[] {
  return path.split('.').map((part) => foldName(joinType(splitWords(part))));
}
