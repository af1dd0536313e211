import type { PlainSchema, Shape } from './kinds.ts';

/** Whether data, as JSON gives it, is of a shape. Fields that the shape does not have are let pass. */
export function fits(shape: Shape, data: unknown): boolean {
  switch (shape.is) {
    case 'plain':
      return fitsPlain(shape.schema, data);
    case 'text':
    case 'clue':
      return typeof data === 'string';
    case 'value':
      return data !== undefined;
    case 'values':
      return isRecord(data);
    case 'list':
      return Array.isArray(data) && data.every((item) => fits(shape.item, item));
    case 'record':
      return isRecord(data) && fitsFields(shape, data);
    case 'choice':
      return isRecord(data) && fitsOne(shape, data);
    case 'later':
      return fits(shape.find(), data);
    default:
      return shape satisfies never;
  }
}

function fitsFields({ fields }: Shape & { is: 'record' }, data: Readonly<Record<string, unknown>>): boolean {
  for (const [name, { shape, isOptional }] of Object.entries(fields)) {
    const field = data[name];
    if (field === undefined ? !isOptional : !fits(shape, field)) return false;
  }
  return true;
}

function fitsOne({ tag, cases }: Shape & { is: 'choice' }, data: Readonly<Record<string, unknown>>): boolean {
  const name = data[tag];
  const shape = typeof name === 'string' && Object.hasOwn(cases, name) ? cases[name] : undefined;
  return shape !== undefined && fits(shape, data);
}

function fitsPlain(schema: PlainSchema, data: unknown): boolean {
  if ('const' in schema) return data === schema.const;
  if ('enum' in schema) return typeof data === 'string' && schema.enum.includes(data);
  return schema.type === 'integer' ? Number.isInteger(data) : typeof data === schema.type;
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
