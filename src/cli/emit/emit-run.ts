import { posix } from 'node:path';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { writeYaml } from '../../source/yaml/write-yaml.ts';
import type { RunFlags } from '../arguments/flags.ts';
import type { ReporterSpec } from '../output/open-reporters.ts';
import { UsageError } from '../process/usage-error.ts';
import { countPods, describeUse, type EmitAbout, type Gathered, gatherPods, noteNeeds, toBase } from './gather-pods.ts';
import { DATA, describeClaim, describeConfigMap, describeJob, INDEX } from './kubernetes.ts';
import { escapeReferences } from './pod-values.ts';
import { repeatRunFlags } from './repeat-run.ts';

/** A run that is planned, and is to be written for pods. */
export interface EmittedRun extends EmitAbout {
  readonly flags: RunFlags;
  /** What the pods share. */
  readonly runs: readonly FlowRun[];
  readonly reporters: readonly ReporterSpec[];
  /** To tell its job from those of others. */
  readonly runId: string;
}

/** Of a run; 1 is its verdict. */
const OWN_ENDS = [1, 2, 3, 4, 70];

/** Writes a run as a job for Kubernetes; gives the text and what is to be known of it. @throws UsageError */
export function emitRun(run: EmittedRun): { readonly text: string; readonly notes: readonly string[] } {
  const { flags, runs, version } = run;
  const ids = new Set(runs.map(({ plan }) => plan.id));
  const base = toBase(ids.size === 1 ? [...ids].join('') : 'flows', 'run');
  const name = `${base}-${run.runId}`;
  // The files of flows cannot be written beside.
  const data = flags.volume === undefined ? { emptyDir: {} } : describeClaim(flags.volume);
  const gathered = gatherPods(run, { name, base, data, ownEnds: OWN_ENDS, out: [], hasOutputs: false });
  const { pod, values, shards } = gathered;
  const folder = `${DATA}/${name}/shard-${INDEX}`;
  const words = [
    ...['run', ...pod.files.paths, ...repeatRunFlags(flags), ...values.words, '--output-dir', folder],
    ...run.reporters.flatMap((one) => ['--reporter', describeReporter(one, flags, folder)]),
    ...['--shards', String(shards)],
  ];
  const documents = [describeConfigMap(name, pod.files), describeJob({ name, words, shards }, pod)];
  const what = `A run of ${runs.length === 1 ? 'one flow' : `${runs.length} flows`} by ${countPods(gathered)}`;
  const use = describeUse(gathered, { what, version, after: listCommands(gathered) });
  return { text: use + writeYaml(documents), notes: listNotes(gathered, run) };
}

/** A file of each pod's own. @throws UsageError where nothing would keep it */
function describeReporter({ name, file }: ReporterSpec, { volume }: RunFlags, folder: string): string {
  if (file === undefined) return name;
  if (volume === undefined)
    throw new UsageError(`--emit kubernetes: what \`--reporter ${name}=${file}\` writes would be gone with its pod`, [
      `\`--volume\` keeps it, or \`--reporter ${name}\` writes it to the pod's log`,
    ]);
  return `${name}=${folder}${escapeReferences(posix.join('/', file))}`;
}

/** There is no file yet that holds what several pods found. */
function listCommands({ pod: { name }, shards }: Gathered): string[] {
  const columns = [
    String.raw`SHARD:.metadata.labels.batch\.kubernetes\.io/job-completion-index`,
    'EXIT:.status.containerStatuses[0].state.terminated.exitCode',
  ];
  return [
    'What came of each pod is its exit code and its log; the job is complete where each of them ended with 0.',
    `kubectl get pods -l job-name=${name} -o 'custom-columns=${columns.join(',')}'     # shards count from 0 here`,
    `kubectl logs -l job-name=${name} --tail=-1 --max-log-requests ${shards} --prefix`,
  ];
}

function listNotes(gathered: Gathered, { flags, runs }: EmittedRun): readonly string[] {
  const { shards } = gathered;
  const idle = shards - runs.length;
  return [
    ...noteNeeds(gathered, flags),
    ...(idle > 0
      ? [`${idle} of the ${shards} pods ${idle === 1 ? 'has' : 'have'} nothing to run: the flows are ${runs.length}`]
      : []),
  ];
}
