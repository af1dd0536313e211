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
    throw new UsageError(`testmesh.yaml has no service, stub or proxy \`${name}\``, [suggestName(name, companions)]);
  });
  return withNeeds(companions, keys);
}

/** `stubs.users`. */
export function rootedName({ kind, name }: CompanionRef): string {
  return `${COMPANION_ROOTS[kind]}.${name}`;
}

const ROOTED = /^(?:services?|stubs?|prox(?:y|ies))[./](.+)$/;

function suggestName(name: string, companions: readonly ProjectCompanion[]): string {
  const apart = name.split(',').filter((part) => part !== '');
  if (apart.length > 1) return `names stand apart: \`testmesh up ${apart.join(' ')}\``;
  const [, bare = name] = ROOTED.exec(name) ?? [];
  const nearest = findNearest(bare, new Set(companions.map((one) => one.name)));
  const meant = companions.find(
    (one) => one.name === (companions.some((other) => other.name === bare) ? bare : nearest),
  );
  if (meant) return `did you mean \`${bare === name ? meant.name : rootedName(meant)}\`?`;
  return `there are ${listNames(companions.map(rootedName), 20)}; all are started without a name`;
}
