import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeOwner, findSetup, type SetupData } from '../../load/run/setup-data.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { readGivenFile } from '../arguments/given-inputs.ts';
import { UsageError } from '../process/usage-error.ts';

/** Nobody but its owner reads what setup captured. */
const MODE = 0o600;
const VERSION = 1;

/** Writes what setups left, in one go: whoever finds the file finds all of it. @throws UsageError */
export function writeSetupFile(path: string, setups: readonly SetupData[], cwd: string): void {
  const target = resolve(cwd, path);
  const draft = `${target}.${process.pid}.part`;
  const text = JSON.stringify({ setup_data: VERSION, sum: sumOf(setups), setups });
  try {
    makeFolder(dirname(target));
    writeFileSync(draft, `${text}\n`, { mode: MODE, flag: 'wx' });
    renameSync(draft, target);
  } catch (error) {
    throw new UsageError(`--setup-data ${path}: ${describeFileTrouble(error)}`, [
      'what setup made is not kept: run `testmesh load setup` again with another file',
    ]);
  }
}

/** Reads what setups left for a load. @throws UsageError where something of it is missing */
export function readSetupFile(path: string, plan: LoadPlan, cwd: string): readonly SetupData[] {
  const setups = parseSetups(readGivenFile(path, '--setup-data', cwd));
  if (!setups)
    throw new UsageError(`--setup-data ${path}: it is not what \`testmesh load setup\` writes, or not all of it`, [
      `write it with \`testmesh load setup <flow> --setup-data ${path}\``,
    ]);
  for (const scenario of plan.scenarios) {
    const { flow, name } = scenario;
    if (flow.setup.length === 0 || findSetup(setups, scenario)) continue;
    const help = [
      `run \`testmesh load setup\` with the same flows, scenarios and variables, and \`--setup-data ${path}\``,
    ];
    throw new UsageError(
      `${placeOf(flow)}: ${describeLack(setups, scenario, path)}, and scenario \`${name}\` needs it`,
      help,
    );
  }
  return setups;
}

function describeLack(
  setups: readonly SetupData[],
  scenario: Parameters<typeof describeOwner>[0],
  path: string,
): string {
  const { flow, text } = describeOwner(scenario);
  const known = setups.filter((one) => one.flow === flow);
  const what = `the setup of flow \`${flow}\``;
  if (known.length === 0) return `${path} has nothing of ${what}`;
  if (known.every((one) => one.text !== text)) return `${path} has ${what} as it was before its file changed`;
  return `${path} has ${what} with other variables`;
}

function placeOf({ file, span }: FlowPlan): string {
  const { line, column } = positionAt(file, span.start);
  return `${file.path}:${line}:${column}`;
}

/** Its sum says that it is whole, and ours. */
function parseSetups(text: string): readonly SetupData[] | undefined {
  try {
    const {
      setup_data: version,
      sum,
      setups,
    } = JSON.parse(text) as { setup_data?: number; sum?: string; setups: SetupData[] };
    return version === VERSION && Array.isArray(setups) && sum === sumOf(setups) ? setups : undefined;
  } catch {
    return undefined;
  }
}

function sumOf(setups: readonly SetupData[]): string {
  return createHash('sha256').update(JSON.stringify(setups)).digest('hex').slice(0, 16);
}
