import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../../src/engine/names/context.ts';
import { createNames } from '../../../src/engine/names/name-layers.ts';
import { layerOver, type Value } from '../../../src/expr/index.ts';
import type { Replay } from '../../../src/model/inputs.ts';
import { NO_INPUTS } from '../../support/run-plan.ts';

const LAYERS = [
  'result',
  'binding',
  'capture',
  'step result',
  'given',
  'recorded capture',
  'recorded result',
  'recorded variable',
  'environment',
  'env file',
  'declared',
  'built in',
] as const;

/** The names with `x` in the layers from this one down, each with its layer's name as value. */
function createFrom(first: number) {
  const has = (layer: (typeof LAYERS)[number]): boolean => LAYERS.indexOf(layer) >= first;
  const layer = (name: (typeof LAYERS)[number]) => new Map<string, Value>(has(name) ? [['x', name]] : []);
  const replay: Replay = {
    runId: 'run-0',
    captures: layer('recorded capture'),
    results: new Map(layer('recorded result')),
    variables: layer('recorded variable'),
    memory: new Map(),
    secrets: new Map(),
  };
  let context = createContext({
    inputs: { ...NO_INPUTS, given: layer('given'), environment: layer('environment'), envFile: layer('env file') },
    replay,
    declared: layer('declared'),
    builtIns: layer('built in'),
  });
  if (has('step result')) context = context.withResult('steps', 'x', 'step result');
  if (has('capture')) context = context.withCapture('x', 'capture');
  if (has('binding')) context = context.withBindings({ x: 'outer' }).withBindings({ x: 'binding' });
  return has('result') ? layerOver({ x: 'result' }, context) : context;
}

describe('names', () => {
  it.each(LAYERS.map((name, index) => [name, index] as const))('%s hides all that follow', (name, index) => {
    const env = createFrom(index);
    expect(env.get('x')).toBe(name);
    expect([...env.keys()].filter((key) => key === 'x')).toEqual(['x']);
  });

  it('know nothing of what no layer has', () => {
    expect(createFrom(LAYERS.length).get('x')).toBeUndefined();
    expect(createFrom(0).get('constructor')).toBeUndefined();
  });

  it('keep nil as a value', () => {
    expect(createFrom(3).get('y')).toBeUndefined();
    const base = createContext({
      inputs: NO_INPUTS,
      replay: undefined,
      declared: new Map([['x', 1]]),
      builtIns: new Map(),
    });
    expect(base.withCapture('x', null).get('x')).toBeNull();
    expect(layerOver({ x: null }, base).get('x')).toBeNull();
  });

  it('give results by id, the own phase first, hidden ones too', () => {
    const base = createContext({ inputs: NO_INPUTS, replay: undefined, declared: new Map(), builtIns: new Map() })
      .withResult('setup', 'clean', 'of setup')
      .withResult('steps', 'create-user', 'of steps')
      .withResult('teardown', 'clean', 'of teardown')
      .withCapture('clean', 'captured');
    const all = { 'create-user': 'of steps', 'setup/clean': 'of setup', 'teardown/clean': 'of teardown' };
    expect(base.inPhase('teardown').get('steps')).toMatchObject({ clean: 'of teardown', ...all });
    expect(base.inPhase('setup').get('steps')).toMatchObject({ clean: 'of setup', ...all });
    expect(base.get('clean')).toBe('captured');
  });

  it('never change: each addition gives another set', () => {
    const base = createContext({ inputs: NO_INPUTS, replay: undefined, declared: new Map(), builtIns: new Map() });
    const left = base.withCapture('x', 1);
    const right = base.withCapture('x', 2);
    expect([base.get('x'), left.get('x'), right.get('x')]).toEqual([undefined, 1, 2]);
  });
});

describe('a persistent set of names', () => {
  it('is what a map would be, at every moment', () => {
    const entry = fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'x1', 'x2'), fc.nat(9));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 120 }), (entries) => {
        const map = new Map<string, Value>();
        let names = createNames();
        const moments: [typeof names, Map<string, Value>][] = [];
        for (const [name, value] of entries) {
          map.set(name, value);
          names = names.with(name, value);
          moments.push([names, new Map(map)]);
        }
        for (const [kept, wanted] of moments) {
          expect(new Map(kept.toMap())).toEqual(wanted);
          expect(kept.get('a')).toBe(wanted.get('a'));
        }
      }),
    );
  });

  it('holds thousands of names', () => {
    let names = createNames();
    for (let n = 0; n < 5000; n++) names = names.with(`name${n}`, n);
    expect([names.get('name0'), names.get('name4999'), names.get('name5000')]).toEqual([0, 4999, undefined]);
  });
});
