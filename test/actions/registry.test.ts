import { describe, expect, it } from 'vitest';
import { actions, listActions } from '../../src/actions/registry.ts';

describe('the registry of actions', () => {
  it('has each action by its name and by all its aliases, and by nothing else', () => {
    const byFields = [...new Set(actions.values())].flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect([...actions.keys()]).toEqual(byFields);
    for (const [word, { name, aliases = [] }] of actions) expect([name, ...aliases]).toContain(word);
  });

  it('says which of them watch', () => {
    const watching = [...actions].flatMap(([name, { control }]) => (control?.watches ? [name] : []));
    expect(actions.watchKeys).toEqual(watching);
  });

  it('lists all that are no part of others', () => {
    const shown = [...new Set(actions.values())].filter(({ traits }) => !traits?.isInternal);
    expect(listActions()).toEqual(shown);
  });
});
