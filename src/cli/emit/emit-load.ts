import type { FlowPlan } from '../../model/plan.ts';
import { isShellName } from '../../plan/read/builtin-names.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { writeYaml } from '../../source/yaml/write-yaml.ts';
import { maskAddress } from '../../util/mask-address.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { createValueCheck } from '../arguments/repeat-flags.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { DATA, describeConfigMap, describeJob, type PodAbout } from './kubernetes.ts';
import { type FilesAbout, gatherFiles, type PodFiles } from './pod-files.ts';
import { escapeReferences, gatherValues, type PodValues } from './pod-values.ts';
import { repeatLoadFlags } from './repeat-load.ts';

/** A load that is planned, and is to be written for pods. */
export interface EmittedLoad {
  readonly flags: LoadFlags;
  /** Those that run, and those that they call. */
  readonly flows: readonly FlowPlan[];
  readonly inputs: GivenInputs;
  readonly sources: FilesAbout;
  readonly usedNames: ReadonlySet<string>;
  /** Whether samples go anywhere, by the file or by a flag. */
  readonly hasOutputs: boolean;
  readonly version: string;
  /** Of this run, to tell its jobs from those of others. */
  readonly runId: string;
}

/** `${…}` of flows and `env("…")` read the process alone. */
const CALL = /\benv\(\s*["'`]([A-Za-z_]\w*)["'`]/g;
/** What outputs are told by the environment. */
const OF_OUTPUTS = /^(?:K6|OTEL)_[A-Z]/;

interface Gathered {
  readonly name: string;
  readonly secret: string;
  readonly shards: number;
  readonly files: PodFiles;
  readonly values: PodValues;
  /** Whether setup and teardown are jobs of their own. */
  readonly isSplit: boolean;
}

/** Writes a load as jobs for Kubernetes; gives the text and what is to be known of it. @throws UsageError */
export function emitLoad(load: EmittedLoad): { readonly text: string; readonly notes: readonly string[] } {
  const { flags, version } = load;
  const { shards = 1, image = `testmesh:${version}`, volume } = flags;
  const base = toLabel(load.flows[0]?.id ?? 'load');
  const testId = readTestId(flags) ?? `${base}-${load.runId}`;
  const name = toLabel(testId);
  const files = gatherFiles(load.sources);
  const secret = `${base}-secrets`;
  const values = gatherValues({ ...valuesOf(load), secret });
  const hasOnce = load.flows.some(({ setup, teardown }) => setup.length + teardown.length > 0);
  const isSplit = volume !== undefined && hasOnce && flags.setup;
  const gathered: Gathered = { name, secret, shards, files, values, isSplit };
  const tags = flags.tag.filter((tag) => !tag.startsWith('testid='));
  const common = [
    ...[...files.paths, ...repeatLoadFlags(flags)],
    ...[...tags, `testid=${testId}`].flatMap((tag) => ['--tag', escapeReferences(tag)]),
    ...values.words,
  ];
  const pod: PodAbout = { name, image, files, secret, env: values.env, volume };
  const documents = [describeConfigMap(name, files), ...describeJobs(gathered, common, pod)];
  return { text: describeUse(gathered, load) + writeYaml(documents), notes: listNotes(gathered, load, image) };
}

function describeJobs(
  { name, shards, isSplit }: Gathered,
  common: readonly string[],
  pod: PodAbout,
): readonly unknown[] {
  const folder = `${DATA}/${name}`;
  const setupData = isSplit ? ['--setup-data', `${folder}/setup.json`] : [];
  const kept = pod.volume === undefined ? [] : ['--summary-export', `${folder}/shard-$(JOB_COMPLETION_INDEX).json`];
  const own = ['--shards', String(shards), '--summary-mode', 'chunks', ...kept];
  const load = describeJob({ name, words: ['load', ...common, ...setupData, ...own], shards }, pod);
  if (!isSplit) return [load];
  const part = (kind: 'setup' | 'teardown') => {
    const words = ['load', kind, ...common, ...setupData];
    return describeJob({ name: `${name}-${kind}`, words, waits: kind === 'teardown' }, pod);
  };
  return [part('setup'), load, part('teardown')];
}

function valuesOf({ flags, flows, inputs, usedNames, hasOutputs }: EmittedLoad) {
  const ofCalls = flows.flatMap(({ file }) => [...file.text.matchAll(CALL)].map(([, name = '']) => name));
  const ofFlows = flows
    .flatMap(({ declared }) => declared.map(({ name }) => name))
    .filter((name) => !isShellName(name));
  const ofOutputs = hasOutputs ? Object.keys(inputs.processEnv).filter((name) => OF_OUTPUTS.test(name)) : [];
  return {
    inputs,
    usedNames,
    declared: new Set([...ofFlows, ...ofCalls, ...ofOutputs]),
    out: flags.out,
    isShown: createValueCheck(flows, createMasks(flows, inputs, []).mask),
    isPublic: (address: string) => maskAddress(address) === address,
  };
}

function readTestId({ tag }: LoadFlags): string | undefined {
  return tag.findLast((one) => one.startsWith('testid='))?.slice('testid='.length);
}

/** A name as Kubernetes takes it, short enough for what stands behind it. */
function toLabel(text: string): string {
  const label = text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, 45)
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(label) ? label : `load-${label}`.replace(/-$/, '');
}

/** Comments at the head of the file: what is done with it. */
function describeUse(
  { name, secret, shards, values, files, isSplit }: Gathered,
  { version, flags }: EmittedLoad,
): string {
  const pods = shards === 1 ? 'one pod' : `${shards} pods`;
  const literals = [
    ...[...new Set(values.keys)].map((key) => ` --from-literal=${key}=…`),
    ...files.files.flatMap(({ key, from }) =>
      from === undefined ? [] : [` --from-file=${quoteShell(`${key}=${from}`)}`],
    ),
  ].join('');
  const lines = [
    `A load by ${pods}, written by testmesh ${version} for Kubernetes 1.29 and later. It is for one run: write another for the next.`,
    ...(literals === '' ? [] : [`kubectl create secret generic ${secret}${literals}`]),
    'kubectl apply -f <this file>',
    `kubectl logs -l job-name=${name} --tail=-1 --max-log-requests ${shards} | testmesh load merge -     # when job ${name} is over`,
    ...(isSplit && flags.teardown
      ? [`kubectl patch job ${name}-teardown -p '{"spec":{"suspend":false}}'     # then teardown`]
      : []),
    `kubectl delete job,configmap -l app.kubernetes.io/instance=${name}`,
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}

function listNotes(
  { secret, shards, values, files, isSplit, name }: Gathered,
  load: EmittedLoad,
  image: string,
): readonly string[] {
  const { flags, flows } = load;
  const hidden = files.files.filter(({ from }) => from !== undefined).map(({ key }) => key);
  const keys = [...new Set(values.keys), ...hidden];
  const once = (['setup', 'teardown'] as const).filter(
    (part) => flags[part] && flows.some((flow) => flow[part].length > 0),
  );
  return [
    ...(flags.image === undefined ? [`the image is \`${image}\`: \`--image\` names another one`] : []),
    ...(keys.length > 0
      ? [`the pods read ${keys.join(', ')} from the Secret \`${secret}\`, which is yours to make`]
      : []),
    ...(once.length > 0 && !isSplit && shards > 1
      ? [
          `each of the ${shards} pods runs ${once.join(' and ')} for itself${flags.seed === undefined ? '' : ', with the same random values'}: with \`--volume\` they run once`,
        ]
      : []),
    ...(isSplit
      ? [`${DATA}/${name}/setup.json of the volume holds what setup captures, secrets too: remove it after teardown`]
      : []),
    ...(flags.startAt === undefined && shards > 1
      ? ['each pod begins when it is there: `--start-at` has them begin together']
      : []),
  ];
}
