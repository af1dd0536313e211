import { createRequire } from 'node:module';
import type { Faker } from '@faker-js/faker';
import type { FunctionDef, Host, Value } from '../expr/index.ts';
import { ExactNumber, type ExprError, findNearestKey } from '../expr/index.ts';
import { setKey } from '../expr/values/value.ts';
import { argumentError, takeText } from './arguments.ts';
import { requireService } from './flow-host.ts';

const require = createRequire(import.meta.url);

/** Made-up data; it comes from the run's seed. */
export const fakerFunctions: readonly FunctionDef[] = [
  {
    name: 'faker',
    minArgs: 1,
    maxArgs: 1,
    pure: false,
    summary: 'made-up data of a kind that faker knows, such as `faker("internet.email")`',
    call(args, host) {
      const path = takeText({ name: 'faker', args });
      return toValue(draw(path, host));
    },
  },
];

/** What is no kind of data: parts of the library, helpers that take functions or texts to evaluate, and switches. */
const NO_KINDS = new Set(['fakerCore', 'helpers', 'rawDefinitions', 'definitions']);
/** Methods that give nothing without arguments of theirs, and one that writes to the console that it will go. */
const NOT_OFFERED = new Set(['date.between', 'date.betweens', 'string.fromCharacters', 'image.urlLoremFlickr']);

interface Library {
  /** Every kind of data: `internet.email` → what makes one. */
  readonly kinds: ReadonlyMap<string, () => unknown>;
}

let library: Library | undefined;
/** Whom the library takes its random numbers and the time from; set for the time of one call. */
let drawingFrom: { random(): number; now(): number } | undefined;

function draw(path: string, host: Host): unknown {
  const services = requireService(host, 'random', 'faker');
  library ??= loadLibrary();
  const make = library.kinds.get(path);
  if (!make) throw unknownKind(path, [...library.kinds.keys()]);
  drawingFrom = services;
  try {
    return make();
  } finally {
    drawingFrom = undefined;
  }
}

function loadLibrary(): Library {
  const loaded: { faker: Faker } = require('@faker-js/faker/locale/en');
  const FakerClass = loaded.faker.constructor as typeof Faker;
  const faker = new FakerClass({
    locale: loaded.faker.rawDefinitions,
    randomizer: { next: () => drawingFrom?.random() ?? 0, seed: () => undefined },
  });
  faker.setDefaultRefDate(() => new Date(drawingFrom?.now() ?? 0));
  return { kinds: listKinds(faker) };
}

function listKinds(faker: Faker): ReadonlyMap<string, () => unknown> {
  const kinds = new Map<string, () => unknown>();
  for (const [group, module] of Object.entries(faker as unknown as Record<string, object>)) {
    if (NO_KINDS.has(group) || typeof module !== 'object') continue;
    for (const name of listMethods(module)) {
      const path = `${group}.${name}`;
      const methods = module as Record<string, () => unknown>;
      if (!NOT_OFFERED.has(path)) kinds.set(path, () => methods[name]?.());
    }
  }
  return kinds;
}

function listMethods(module: object): string[] {
  const names: string[] = [];
  for (let at = module; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const isMethod = typeof Object.getOwnPropertyDescriptor(at, name)?.value === 'function';
      if (isMethod && /^[a-z]\w*$/i.test(name) && name !== 'constructor') names.push(name);
    }
  }
  return names;
}

function unknownKind(path: string, known: readonly string[]): ExprError {
  const [group = '', word = group] = path.split('.');
  const inGroup = known.filter((name) => name.startsWith(`${group}.`));
  const sameWord = known.filter((name) => word !== '' && name.endsWith(`.${word}`));
  const nearest = findNearestKey(path, known) ?? sameWord[0];
  const help = nearest
    ? `did you mean \`${nearest}\`?`
    : inGroup.length > 0
      ? `\`${group}\` has ${inGroup
          .slice(0, 30)
          .map((name) => `\`${name}\``)
          .join(', ')}`
      : 'for example `internet.email`, `person.fullName`, `location.city`, `commerce.price`';
  return argumentError(`faker has no \`${path.slice(0, 60)}\``, help);
}

/** What was made, as data: dates as ISO 8601, big integers as numbers. */
function toValue(made: unknown): Value {
  if (made instanceof Date) return made.toISOString();
  if (typeof made === 'bigint') return new ExactNumber(String(made));
  if (Array.isArray(made)) return made.map(toValue);
  if (typeof made !== 'object' || made === null) return (made ?? null) as Value;
  const map: Record<string, Value> = {};
  for (const [key, item] of Object.entries(made)) setKey(map, key, toValue(item));
  return map;
}
