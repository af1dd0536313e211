import { setKey, type Value } from '../../expr/index.ts';
import type { FieldShape, Shape } from './kinds.ts';

/** What is done with the parts of an event; each gives the same object back where nothing changes. */
export interface Turns<Context> {
  readonly text?: (text: string, context: Context) => string;
  /** With the name that came with it, when one did. */
  readonly value?: (value: Value, context: Context, name?: string) => unknown;
  /** Of what has a limit: an optional field, or a value by its name. Undefined leaves it out; what is in it has no limit of its own. */
  readonly sized?: (data: unknown, maxSize: number, context: Context) => unknown;
  readonly items?: (items: readonly unknown[], maxLength: number, context: Context) => readonly unknown[];
  /** Whether what may quote a part of a value is left out of a record in which anything else changed. */
  readonly hidesQuotes?: boolean;
  /** What is to hold the way to the part that is being turned. */
  readonly trailOf?: (context: Context) => (string | number)[];
}

type Turn<Context> = (data: unknown, context: Context, name?: string) => unknown;
interface FieldTurn<Context> {
  readonly name: string;
  readonly turn: Turn<Context>;
  /** The field beside it that says what it is called. */
  readonly nameField?: string | undefined;
}
type Fields = Readonly<Record<string, unknown>>;

/** Makes the function that does so with data of a shape. Data that is as it was comes back as the same object. */
export function createTurn<Context>(shape: Shape, turns: Turns<Context>): Turn<Context> {
  return new Compiler(turns).compile(shape) ?? keep;
}

class Compiler<Context> {
  readonly #turns: Turns<Context>;
  /** Records by their shapes: they stand in many places, and inside of themselves. */
  readonly #records = new Map<Shape, Turn<Context> | undefined>();

  constructor(turns: Turns<Context>) {
    this.#turns = turns;
  }

  /** Undefined where nothing is to be done. */
  compile(shape: Shape): Turn<Context> | undefined {
    const { text, value } = this.#turns;
    switch (shape.is) {
      case 'plain':
        return undefined;
      case 'text':
        return text && ((data, context) => (typeof data === 'string' ? text(data, context) : data));
      case 'value':
        return value && ((data, context, name) => value(data as Value, context, shape.nameField && name));
      case 'values':
        return this.#compileValues(shape);
      case 'list':
        return this.#compileList(shape);
      case 'record':
        return this.#compileRecord(shape);
      case 'choice':
        return this.#compileChoice(shape);
      case 'later':
        return (data, context) => (this.compile(shape.find()) ?? keep)(data, context);
      default:
        return shape satisfies never;
    }
  }

  #compileValues({ maxSize, areFields }: Shape & { is: 'values' }): Turn<Context> | undefined {
    const { value, sized } = this.#turns;
    const turn: Turn<Context> | undefined = sized
      ? (data, context) => sized(data, maxSize, context)
      : value && ((data, context, name) => value(data as Value, context, areFields ? name : undefined));
    return turn && ((data, context) => (isFields(data) ? this.#turnNamed(data, turn, context) : data));
  }

  #compileList({ item, maxLength }: Shape & { is: 'list' }): Turn<Context> | undefined {
    const turnItem = this.compile(item);
    const { items } = this.#turns;
    if (!turnItem && !items) return undefined;
    return (data, context) => {
      if (!Array.isArray(data)) return data;
      const kept = items ? items(data, maxLength, context) : data;
      return turnItem ? this.#turnItems(kept, turnItem, context) : kept;
    };
  }

  #compileRecord(shape: Shape & { is: 'record' }): Turn<Context> | undefined {
    if (this.#records.has(shape)) return this.#records.get(shape);
    const ordinary: FieldTurn<Context>[] = [];
    const quotes: FieldTurn<Context>[] = [];
    const turn: Turn<Context> = (data, context) => {
      if (!isFields(data)) return data;
      const turned = this.#turnFields(data, ordinary, context);
      if (quotes.length === 0) return turned;
      const kept = this.#turns.hidesQuotes && turned !== data ? dropQuotes(turned, shape) : turned;
      return this.#turnFields(kept, quotes, context);
    };
    this.#records.set(shape, turn);
    for (const [name, field] of Object.entries(shape.fields)) {
      const turnField = this.#compileField(field);
      if (turnField)
        (hasQuotes(field.shape) ? quotes : ordinary).push({ name, turn: turnField, nameField: nameFieldOf(field) });
    }
    const found = ordinary.length + quotes.length > 0 ? turn : undefined;
    this.#records.set(shape, found);
    return found;
  }

  #compileField({ shape, maxSize }: FieldShape): Turn<Context> | undefined {
    const { sized, ...within } = this.#turns;
    if (!sized || maxSize === undefined) return this.compile(shape);
    const turn = createTurn(shape, within);
    return (data, context) => {
      const kept = sized(data, maxSize, context);
      return kept === undefined ? undefined : turn(kept, context);
    };
  }

  #compileChoice({ tag, cases }: Shape & { is: 'choice' }): Turn<Context> | undefined {
    const turns = new Map(Object.entries(cases).map(([name, shape]) => [name, this.compile(shape)]));
    return (data, context) => {
      const name = isFields(data) ? data[tag] : undefined;
      return ((typeof name === 'string' ? turns.get(name) : undefined) ?? keep)(data, context);
    };
  }

  #turnFields(data: Fields, fields: readonly FieldTurn<Context>[], context: Context): Fields {
    let copy: Record<string, unknown> | undefined;
    for (const { name, turn, nameField } of fields) {
      const before = data[name];
      if (before === undefined) continue;
      const called = nameField === undefined ? undefined : data[nameField];
      const after = this.#at(name, before, turn, context, typeof called === 'string' ? called : name);
      if (after === before) continue;
      copy ??= { ...data };
      if (after === undefined) delete copy[name];
      else copy[name] = after;
    }
    return copy ?? data;
  }

  #turnItems(items: readonly unknown[], turn: Turn<Context>, context: Context): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const after = this.#at(index, items[index], turn, context);
      if (after === items[index]) continue;
      copy ??= [...items];
      copy[index] = after;
    }
    return copy ?? items;
  }

  #turnNamed(data: Fields, turn: Turn<Context>, context: Context): Fields {
    let copy: { [name: string]: Value } | undefined;
    let count = 0;
    // Not over `entries`: this is done for each result.
    for (const name in data) {
      const after = this.#at(name, data[name], turn, context);
      count++;
      if (after === data[name] && !copy) continue;
      copy ??= pick(data, Object.keys(data).slice(0, count - 1));
      if (after !== undefined) setKey(copy, name, after as Value);
    }
    return copy ?? data;
  }

  #at(
    key: string | number,
    data: unknown,
    turn: Turn<Context>,
    context: Context,
    name: string | number = key,
  ): unknown {
    const { trailOf } = this.#turns;
    if (!trailOf) return turn(data, context, typeof name === 'string' ? name : undefined);
    const trail = trailOf(context);
    trail.push(key);
    const turned = turn(data, context);
    trail.pop();
    return turned;
  }
}

/** A variable may be called `__proto__`, so names are set as own ones. */
function pick(data: Fields, names: readonly string[]): { [name: string]: Value } {
  const picked: { [name: string]: Value } = {};
  for (const name of names) setKey(picked, name, data[name] as Value);
  return picked;
}

/** The record without the items of its lists that quote something. */
function dropQuotes(data: Fields, { fields }: Shape & { is: 'record' }): Fields {
  const kept: Record<string, unknown> = { ...data };
  for (const [name, { shape }] of Object.entries(fields)) {
    const items = data[name];
    if (hasQuotes(shape) && Array.isArray(items))
      kept[name] = items.filter((item: Fields) => item[shape.quoteFlag ?? ''] !== true);
  }
  return kept;
}

function keep(data: unknown): unknown {
  return data;
}

function nameFieldOf({ shape }: FieldShape): string | undefined {
  return shape.is === 'value' ? shape.nameField : undefined;
}

function hasQuotes(shape: Shape): shape is Shape & { is: 'list' } {
  return shape.is === 'list' && shape.quoteFlag !== undefined;
}

function isFields(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
