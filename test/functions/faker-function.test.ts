import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../src/engine/names/random.ts';
import { compile, ExprError, isEqual, type Value } from '../../src/expr/index.ts';
import type { FlowHost } from '../../src/functions/flow-host.ts';
import { createFunctions } from '../../src/functions/registry.ts';

const functions = createFunctions();
const NOW = Date.UTC(2026, 0, 31, 10);

function createHost(seed: number): FlowHost {
  const random = createRandom(seed);
  return {
    now: () => NOW,
    random: () => random.random(),
    uuid: () => random.uuid(),
    readEnv: () => undefined,
    readFile: () => '',
  };
}

function make(path: string, host: FlowHost = createHost(7)): Value {
  return compile('faker(path)', { functions }).evaluate(new Map([['path', path]]), host);
}

function explainRefusal(path: string): string {
  const { error } = compile('faker(path)', { functions }).explain(new Map([['path', path]]), createHost(7));
  expect(error).toBeInstanceOf(ExprError);
  return `${error?.message} — ${error?.hint}`;
}

const KINDS = [
  'internet.email',
  'person.fullName',
  'location.city',
  'commerce.price',
  'date.past',
  'number.int',
  'number.bigInt',
  'string.uuid',
  'string.ulid',
  'string.nanoid',
  'git.commitSha',
  'internet.jwt',
  'location.nearbyGPSCoordinate',
  'finance.currency',
  'lorem.sentence',
  'system.cron',
];

describe('faker', () => {
  it.each(KINDS)('makes %s, the same for the same seed', (path) => {
    const [first, again, other] = [make(path), make(path), make(path, createHost(8))];
    expect(isEqual(first, again)).toBe(true);
    expect(isEqual(first, other)).toBe(false);
  });

  it('goes on with the numbers of its host, and takes no others', () => {
    const random = vi.spyOn(Math, 'random');
    const host = createHost(7);
    const values = [make('internet.email', host), make('internet.email', host)];
    expect(values[0]).not.toBe(values[1]);
    expect(values[0]).toMatch(/^\S+@\S+\.\w+$/);
    expect(random).not.toHaveBeenCalled();
    random.mockRestore();
  });

  it('gives data: dates as text before now, big integers as numbers, maps and lists', () => {
    expect(make('date.past')).toMatch(/^2025|^2026-01/);
    expect(compile('type(faker("number.bigInt"))', { functions }).evaluate(new Map(), createHost(1))).toBe('int');
    expect(make('finance.currency')).toHaveProperty('code');
    expect(make('location.nearbyGPSCoordinate')).toHaveLength(2);
  });

  it.each([
    ['internet.emial', 'faker has no `internet.emial` — did you mean `internet.email`?'],
    ['email', 'faker has no `email` — did you mean `internet.email`?'],
    ['person.email', 'faker has no `person.email` — did you mean `internet.email`?'],
    ['', 'faker has no `` — for example `internet.email`, `person.fullName`, `location.city`, `commerce.price`'],
    ['color.qqqqqqqqqq', expect.stringMatching(/^faker has no `color\.qqqqqqqqqq` — `color` has `color\.human`/)],
  ])('tells the nearest kind for %j', (path, wanted) => {
    expect(explainRefusal(path)).toEqual(wanted);
  });

  it.each([
    'helpers.fake',
    'helpers.mustache',
    'helpers.fromRegExp',
    'helpers.multiple',
    'constructor.constructor',
    '__proto__.toString',
    'internet.constructor',
    'internet.__proto__',
    'internet.toString',
    'internet.hasOwnProperty',
    'fakerCore.randomizer',
    'fakerCore.randomizer.seed',
    'rawDefinitions.internet',
    'definitions.person',
    'internet.email.call',
    'seed',
    'string.fromCharacters',
  ])('offers no %s', (path) => {
    expect(explainRefusal(path)).toMatch(/^faker has no/);
  });

  it('is not available where no flow is', () => {
    const bare = { now: () => NOW } as unknown as FlowHost;
    expect(() => make('internet.email', bare)).toThrow(/needs a flow/);
  });
});
