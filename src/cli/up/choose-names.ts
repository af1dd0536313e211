import { COMPANION_ROOTS, type CompanionRef, keyOfCompanion } from '../../model/companions/companion.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { withNeeds } from '../arguments/choose-companions.ts';
import type { Project } from '../arguments/find-project.ts';
import { UsageError } from '../process/usage-error.ts';

/** Those of these names, with what they need; all where none is given. @throws UsageError for a name that testmesh.yaml has not */
export function chooseNames({ companions, known }: Project, names: readonly string[]): readonly ProjectCompanion[] {
  if (names.length === 0) return companions;
  const keys = names.flatMap((name) => {
    const found = companions.filter((one) => one.name === name || rootedName(one) === name);
    if (found.length > 0) return found.map(keyOfCompanion);
    if (known?.mocks.get(name))
      throw new UsageError(`the stub of the service \`${name}\` stands in for it`, [
        '`mocks` in testmesh.yaml says so',
      ]);
    const all = companions.map((one) => one.name);
    const nearest = findNearest(name, all);
    throw new UsageError(`testmesh.yaml has no service, stub or proxy \`${name}\``, [
      nearest === undefined ? `there are ${listNames([...new Set(all)], 20)}` : `did you mean \`${nearest}\`?`,
    ]);
  });
  return withNeeds(companions, keys);
}

/** `stubs.users`. */
export function rootedName({ kind, name }: CompanionRef): string {
  return `${COMPANION_ROOTS[kind]}.${name}`;
}
