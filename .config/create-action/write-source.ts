import type { ActionFields, SettingField, SettingType } from './fields.ts';
import { sampleResult } from './samples.ts';

const SCHEMAS: Readonly<Record<SettingType, string>> = {
  string: 'z.string()',
  number: 'z.number()',
  bool: 'z.boolean()',
  duration: 'duration()',
  array: 'z.array(anyValue())',
  map: 'z.record(z.string(), anyValue())',
  any: 'anyValue()',
};

/** Words of JavaScript, which no constant is called by. */
const RESERVED = new Set(
  'await break case catch class const continue default delete do else enum export extends false finally for function if import in new null return super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
);

/** The name of its constant: `cacheGet`. */
export function nameConstant(name: string): string {
  const constant = name.replaceAll(/[_.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return RESERVED.has(constant) ? `${constant}Action` : constant;
}

/** The file of an action, with a `run` that gives a sample of its result. */
export function writeSource(fields: ActionFields): string {
  const { name, summary, settings, result, judges, traits } = fields;
  const hasDeadline = traits.includes('ownsDeadline');
  const keys = [...result].map(([key, kind]) => `${key}: '${kind}'`).join(', ');
  const builders = ['anyValue', 'duration'].filter((word) => settings.some(({ type }) => SCHEMAS[type].includes(word)));
  return `import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
${builders.length === 0 ? '' : `import { ${builders.join(', ')} } from '../model/settings.ts';\n`}${
  hasDeadline ? `import { chooseTimeout, runWithin } from './settings/deadline.ts';\n` : ''
}
const settings = z.strictObject({ ${settings.map(writeSetting).join(', ')} });

/** ${summary.replaceAll('*/', '')}. */
export const ${nameConstant(name)}: ActionDefinition<z.output<typeof settings>> = {
  name: '${name}',
  summary: ${JSON.stringify(summary)},
  settings: { schema: settings },
  result: { keys: { ${keys} }${writeItems(fields)}${judges ? '' : `, example: ${JSON.stringify(chooseExample(fields))}`} },
  judges: ${judges},
  ${traits.length === 0 ? '' : `traits: { ${traits.map((trait) => `${trait}: true`).join(', ')} },`}
  ${writeRun(fields, hasDeadline)}
};
`;
}

function writeSetting({ name, type, isOptional }: SettingField): string {
  return `${name}: ${isOptional ? `z.optional(${SCHEMAS[type]})` : SCHEMAS[type]}`;
}

function writeItems({ items }: ActionFields): string {
  if (!items) return '';
  return `, items: { noun: '${items.noun}', list: '${items.list}', number: '${items.number}' }`;
}

function writeRun({ result }: ActionFields, hasDeadline: boolean): string {
  const outcome = `{ result: ${JSON.stringify(sampleResult(result))}, summary: 'done' }`;
  if (!hasDeadline) return `run() { return Promise.resolve(${outcome}); },`;
  return `run(_config, io) {
    return runWithin(chooseTimeout(undefined, io), io, () => Promise.resolve(${outcome}));
  },`;
}

/** An assertion over the first key that says something. */
export function chooseExample({ result }: ActionFields): string {
  const [first = ['', 'any'] as const] = [...result].filter(([, kind]) => kind !== 'any');
  return first[0] === '' ? `${[...result.keys()][0]} != nil` : writeAssertion(first[0], first[1]);
}

/** An assertion that holds for the sample of a result. */
export function writeAssertion(key: string, kind: string): string {
  switch (kind.replace('?', '')) {
    case 'bool':
      return key;
    case 'number':
      return `${key} == 1`;
    case 'string':
      return `${key} == "text"`;
    case 'array':
      return `len(${key}) == 1`;
    case 'map':
      return `${key}.name == "text"`;
    default:
      return `${key} != nil`;
  }
}
