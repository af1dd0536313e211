import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createEventSchema } from '../../src/model/event-table/event-schema.ts';
import { createResultSchema } from '../../src/reporters/data/result-schema.ts';

/** Compiles the schema of a line of the event stream, closed: a field that it does not have is a mistake, where readers let it pass. */
export function compileEventSchema(): ValidateFunction {
  return compileClosed(createEventSchema());
}

/** The same of what the reporter `json` writes. */
export function compileResultSchema(): ValidateFunction {
  return compileClosed(createResultSchema());
}

function compileClosed(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, formats: { 'json-pointer': /^(\/([^~/]|~[01])*)*$/ } });
  return ajv.compile(close(schema) as object);
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, close(part)]));
  return 'required' in closed ? { ...closed, additionalProperties: false } : closed;
}
