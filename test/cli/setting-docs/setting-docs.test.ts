import { describe, expect, it } from 'vitest';
import { listActions } from '../../../src/actions/registry.ts';
import { listActionSettings } from '../../../src/cli/commands/explain-actions.ts';
import { docsOfSettings } from '../../../src/cli/setting-docs/setting-docs.ts';

describe.each(listActions().map((action) => [action.name, action] as const))('%s', (name, action) => {
  it('says of each setting, and of nothing else, what it is for (src/cli/setting-docs)', () => {
    expect(Object.keys(docsOfSettings(name)).sort()).toEqual(
      listActionSettings(action)
        .map(({ key }) => key)
        .sort(),
    );
  });

  it('gives no default for what is needed', () => {
    const needed = listActionSettings(action).filter(({ isNeeded }) => isNeeded);
    expect(needed.filter(({ key }) => docsOfSettings(name)[key]?.[1] !== undefined)).toEqual([]);
  });
});
