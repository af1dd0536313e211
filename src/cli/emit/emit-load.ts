import { writeYaml } from '../../source/yaml/write-yaml.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import {
  countPods,
  describeUse,
  type EmitAbout,
  type Gathered,
  gatherPods,
  noteNeeds,
  toBase,
  toLabel,
} from './gather-pods.ts';
import { DATA, describeClaim, describeConfigMap, describeJob, INDEX } from './kubernetes.ts';
import { escapeReferences } from './pod-values.ts';
import { repeatLoadFlags } from './repeat-load.ts';

/** A load that is planned, and is to be written for pods. */
export interface EmittedLoad extends EmitAbout {
  readonly flags: LoadFlags;
  readonly hasOutputs: boolean;
  /** Of this run, to tell its jobs from those of others. */
  readonly runId: string;
}

/** Of a load; 99 is its verdict. */
const OWN_ENDS = [2, 3, 70, 99];

/** Writes a load as jobs for Kubernetes; gives the text and what is to be known of it. @throws UsageError */
export function emitLoad(load: EmittedLoad): { readonly text: string; readonly notes: readonly string[] } {
  const { flags, flows, hasOutputs, version } = load;
  const { volume, out } = flags;
  const base = toBase(flows[0]?.id ?? 'load', 'load');
  const testId = readTestId(flags) ?? `${base}-${load.runId}`;
  const name = toLabel(testId, 'load');
  const data = volume === undefined ? undefined : describeClaim(volume);
  const gathered = gatherPods(load, { name, base, data, ownEnds: OWN_ENDS, out, hasOutputs });
  const { pod, values } = gathered;
  const hasOnce = flows.some(({ setup, teardown }) => setup.length + teardown.length > 0);
  const isSplit = volume !== undefined && hasOnce && flags.setup;
  const tags = flags.tag.filter((tag) => !tag.startsWith('testid='));
  const common = [
    ...[...pod.files.paths, ...repeatLoadFlags(flags)],
    ...[...tags, `testid=${testId}`].flatMap((tag) => ['--tag', escapeReferences(tag)]),
    ...values.words,
  ];
  const documents = [describeConfigMap(name, pod.files), ...describeJobs(gathered, common, isSplit)];
  const use = { what: `A load by ${countPods(gathered)}`, version, after: listCommands(gathered, flags, isSplit) };
  return { text: describeUse(gathered, use) + writeYaml(documents), notes: listNotes(gathered, load, isSplit) };
}

function describeJobs({ pod, shards }: Gathered, common: readonly string[], isSplit: boolean): readonly unknown[] {
  const { name } = pod;
  const folder = `${DATA}/${name}`;
  const setupData = isSplit ? ['--setup-data', `${folder}/setup.json`] : [];
  const kept = pod.data ? ['--summary-export', `${folder}/shard-${INDEX}.json`] : [];
  const own = ['--shards', String(shards), '--summary-mode', 'chunks', ...kept];
  const load = describeJob({ name, words: ['load', ...common, ...setupData, ...own], shards }, pod);
  if (!isSplit) return [load];
  const part = (kind: 'setup' | 'teardown') => {
    const words = ['load', kind, ...common, ...setupData];
    return describeJob({ name: `${name}-${kind}`, words, waits: kind === 'teardown' }, pod);
  };
  return [part('setup'), load, part('teardown')];
}

function readTestId({ tag }: LoadFlags): string | undefined {
  return tag.findLast((one) => one.startsWith('testid='))?.slice('testid='.length);
}

function listCommands({ pod: { name }, shards }: Gathered, { teardown }: LoadFlags, isSplit: boolean): string[] {
  return [
    `kubectl logs -l job-name=${name} --tail=-1 --max-log-requests ${shards} | testmesh load merge -     # when job ${name} is over`,
    ...(isSplit && teardown
      ? [`kubectl patch job ${name}-teardown -p '{"spec":{"suspend":false}}'     # then teardown`]
      : []),
  ];
}

function listNotes(gathered: Gathered, { flags, flows }: EmittedLoad, isSplit: boolean): readonly string[] {
  const { shards, pod } = gathered;
  const once = (['setup', 'teardown'] as const).filter(
    (part) => flags[part] && flows.some((flow) => flow[part].length > 0),
  );
  return [
    ...noteNeeds(gathered, flags),
    ...(once.length > 0 && !isSplit && shards > 1
      ? [
          `each of the ${shards} pods runs ${once.join(' and ')} for itself${flags.seed === undefined ? '' : ', with the same random values'}: with \`--volume\` they run once`,
        ]
      : []),
    ...(isSplit
      ? [
          `${DATA}/${pod.name}/setup.json of the volume holds what setup captures, secrets too: remove it after teardown`,
        ]
      : []),
    ...(flags.startAt === undefined && shards > 1
      ? ['each pod begins when it is there: `--start-at` has them begin together']
      : []),
  ];
}
