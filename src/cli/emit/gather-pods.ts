import type { FlowPlan } from '../../model/plan.ts';
import { isShellName } from '../../plan/read/builtin-names.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { maskAddress } from '../../util/mask-address.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { EmitFlags } from '../arguments/emit-flags.ts';
import { createValueCheck } from '../arguments/repeat-flags.ts';
import { createMasks } from '../findings/mask-findings.ts';
import type { PodAbout } from './kubernetes.ts';
import { type FilesAbout, gatherFiles } from './pod-files.ts';
import { gatherValues, type PodValues } from './pod-values.ts';

/** What is planned, and is to be written for pods. */
export interface EmitAbout {
  readonly flags: EmitFlags;
  /** Those that run, and those that they call. */
  readonly flows: readonly FlowPlan[];
  readonly inputs: GivenInputs;
  readonly sources: FilesAbout;
  readonly usedNames: ReadonlySet<string>;
  readonly version: string;
}

/** What differs between a run and a load. */
export interface PodTerms extends Pick<PodAbout, 'name' | 'data' | 'ownEnds'> {
  /** Of the Secret, which the next run may use too. */
  readonly base: string;
  /** Where samples go, as flags say. */
  readonly out: readonly string[];
  /** Whether samples go anywhere, by the file or by a flag. */
  readonly hasOutputs: boolean;
}

/** What pods are made of. */
export interface Gathered {
  readonly pod: PodAbout;
  readonly values: PodValues;
  readonly shards: number;
}

/** `${…}` of flows and `env("…")` read the process alone. */
const CALL = /\benv\(\s*["'`]([A-Za-z_]\w*)["'`]/g;
/** What outputs are told by the environment. */
const OF_OUTPUTS = /^(?:K6|OTEL)_[A-Z]/;

/** Gathers what pods need of files and values. @throws UsageError */
export function gatherPods(about: EmitAbout, { base, out, hasOutputs, ...terms }: PodTerms): Gathered {
  const { flags, flows, inputs, usedNames, version } = about;
  const secret = `${base}-secrets`;
  const ofCalls = flows.flatMap(({ file }) => [...file.text.matchAll(CALL)].map(([, name = '']) => name));
  const ofFlows = flows
    .flatMap(({ declared }) => declared.map(({ name }) => name))
    .filter((name) => !isShellName(name));
  const ofOutputs = hasOutputs ? Object.keys(inputs.processEnv).filter((name) => OF_OUTPUTS.test(name)) : [];
  const values = gatherValues({
    ...{ inputs, usedNames, out, secret },
    declared: new Set([...ofFlows, ...ofCalls, ...ofOutputs]),
    isShown: createValueCheck(flows, createMasks(flows, inputs, []).mask),
    isPublic: (address: string) => maskAddress(address) === address,
  });
  const { shards = 1, image = `testmesh:${version}` } = flags;
  return { shards, values, pod: { ...terms, image, secret, env: values.env, files: gatherFiles(about.sources) } };
}

/** A name as Kubernetes takes it, short enough for what stands behind it; `kind` where the text has no letter to begin with. */
export function toLabel(text: string, kind: string, most = 45): string {
  const label = text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, most)
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(label) ? label : `${kind}-${label}`.replace(/-$/, '');
}

/** The name of a flow, which leaves room for the id of a run. */
export function toBase(text: string, kind: string): string {
  return toLabel(text, kind, 24);
}

export function countPods({ shards }: Gathered): string {
  return shards === 1 ? 'one pod' : `${shards} pods`;
}

/** Comments at the head of the file: what is done with it. `after`: how to learn what came of it. */
export function describeUse(
  { pod: { name, secret, files }, values }: Gathered,
  { what, version, after }: { what: string; version: string; after: readonly string[] },
): string {
  const literals = [
    ...[...new Set(values.keys)].map((key) => ` --from-literal=${key}=…`),
    ...files.files.flatMap(({ key, from }) =>
      from === undefined ? [] : [` --from-file=${quoteShell(`${key}=${from}`)}`],
    ),
  ].join('');
  const lines = [
    `${what}, written by testmesh ${version} for Kubernetes 1.29 and later. It is for one run: write another for the next.`,
    ...(literals === '' ? [] : [`kubectl create secret generic ${secret}${literals}`]),
    'kubectl apply -f <this file>',
    ...after,
    `kubectl delete job,configmap -l app.kubernetes.io/instance=${name}`,
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}

/** What is to be known before it is used. */
export function noteNeeds({ pod: { image, secret, files }, values }: Gathered, flags: EmitFlags): readonly string[] {
  const hidden = files.files.filter(({ from }) => from !== undefined).map(({ key }) => key);
  const keys = [...new Set(values.keys), ...hidden];
  return [
    ...(flags.image === undefined ? [`the image is \`${image}\`: \`--image\` names another one`] : []),
    ...(keys.length > 0
      ? [`the pods read ${keys.join(', ')} from the Secret \`${secret}\`, which is yours to make`]
      : []),
  ];
}
