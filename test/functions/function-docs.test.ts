import { describe, expect, it } from 'vitest';
import { compile } from '../../src/expr/index.ts';
import type { FlowHost } from '../../src/functions/flow-host.ts';
import { describeCall, functionDocs } from '../../src/functions/function-docs.ts';
import { createFunctions } from '../../src/functions/registry.ts';

const functions = createFunctions();
const host: FlowHost = {
  now: () => 0,
  random: () => 0.5,
  uuid: () => '7f0c2a4e-0000-4000-8000-000000000001',
  readEnv: () => undefined,
  readFile: () => '{"a": 1}',
};

describe('the documentation of functions', () => {
  it('has every function, in their order, and no other', () => {
    expect(Object.keys(functionDocs)).toEqual([...functions.keys()]);
  });

  it.each([...functions.values()])(
    '$name: has its arguments, and an example that is true',
    ({ name, minArgs, maxArgs }) => {
      const { args = [], example = '' } = functionDocs[name] ?? {};
      expect(args).toHaveLength(maxArgs);
      expect(args.filter((arg) => !arg.endsWith('?'))).toHaveLength(minArgs);
      expect(example).toContain(`${name}(`);
      expect(compile(example, { functions }).evaluate(new Map(), host)).toBe(true);
    },
  );

  it('writes a call with what may be left out', () => {
    expect(describeCall('sha256')).toBe('sha256(text, encoding?)');
    expect(describeCall('uuid')).toBe('uuid()');
  });
});
