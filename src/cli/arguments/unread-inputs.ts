import type { CompanionPlan } from '../../model/companions/companion-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { CODES } from '../../plan/read/findings.ts';
import { describeUnfilled } from '../../plan/read/unfilled.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { LoadedPlans } from './load-plans.ts';

/** Values meant for these flows alone; files of variables and the environment may hold some for others. */
const FLAGS: readonly string[] = ['--var', '--secret'];

/** What is wrong with the values from outside: in their files, for what the flows read, and those that none reads. */
export function findInputTrouble(
  inputs: GivenInputs,
  loaded: Pick<LoadedPlans, 'usedNames' | 'diagnostics' | 'flows'>,
  companions: readonly CompanionPlan[] = [],
): readonly Diagnostic[] {
  return [
    ...(inputs.findings ?? []),
    ...findUnfilledInputs(inputs, loaded),
    ...findUnreadInputs(inputs, loaded, companions),
  ];
}

/** Warns of values of `--env-file` that hold a placeholder which nothing fills in. */
function findUnfilledInputs(
  { given, envFile }: GivenInputs,
  { usedNames, flows }: Pick<LoadedPlans, 'usedNames' | 'flows'>,
): readonly Diagnostic[] {
  const secrets = flows.flatMap((flow) => flow.secrets);
  return [...envFile].flatMap(([name, { unfilled, from }]): readonly Diagnostic[] => {
    if (!unfilled || given.has(name) || !usedNames.has(name)) return [];
    const { message, help } = describeUnfilled(name, unfilled.text, secrets);
    const place = `line ${unfilled.line} of \`${from.replace('--env-file ', '')}\``;
    return [{ severity: 'warning', code: CODES.unfilled, message: `${place}: ${message}`, help: [help] }];
  });
}

/** Warns of names given on the command line that no flow reads or declares, and nothing of testmesh.yaml reads: a run would go on without the value. */
export function findUnreadInputs(
  { given }: GivenInputs,
  { usedNames: ofFlows, diagnostics }: Pick<LoadedPlans, 'usedNames' | 'diagnostics'>,
  companions: readonly CompanionPlan[] = [],
  reader = 'no flow of this run',
): readonly Diagnostic[] {
  const usedNames = new Set([...ofFlows, ...companions.flatMap(({ reads }) => reads)]);
  // What a flow that cannot be read would read is not known.
  if (usedNames.has('$env') || diagnostics.some(({ severity }) => severity === 'error')) return [];
  return FLAGS.flatMap((flag) => {
    const unread = [...given].filter(([name, { from }]) => from === flag && !usedNames.has(name)).map(([name]) => name);
    const misspelt = unread.filter((name) => findNearest(name, usedNames));
    const others = unread.filter((name) => !misspelt.includes(name));
    return [
      ...misspelt.map((name) => warn(flag, [name], reader, `did you mean \`${findNearest(name, usedNames)}\`?`)),
      ...(others.length > 0
        ? [warn(flag, others, reader, 'remove it, or declare it under `env` of the flow that should have it')]
        : []),
    ];
  });
}

function warn(flag: string, names: readonly string[], reader: string, help: string): Diagnostic {
  const message = `${flag} gives ${listNames(names, 20)}, which ${reader} reads`;
  return { severity: 'warning', code: CODES.unreadInput, message, help: [help] };
}
