import type { PodFiles } from './pod-files.ts';
import type { PodVariable } from './pod-values.ts';

/** What all pods of a run have in common. */
export interface PodAbout {
  readonly name: string;
  readonly image: string;
  readonly files: PodFiles;
  readonly env: readonly PodVariable[];
  /** The Secret that the user makes. */
  readonly secret: string;
  /** What is mounted for what they write. */
  readonly data: object | undefined;
  /** The exit codes that the command has by itself: to do it again would not make it better. */
  readonly ownEnds: readonly number[];
}

export interface JobAbout {
  readonly name: string;
  readonly words: readonly string[];
  /** How many pods share the work; absent: one that has all of it. */
  readonly shards?: number | undefined;
  /** Whether somebody has to say when it begins. */
  readonly waits?: boolean | undefined;
}

/** Where the volume is mounted. */
export const DATA = '/testmesh-data';
/** What Kubernetes puts in the place of a pod's number, from 0. */
export const INDEX = '$(JOB_COMPLETION_INDEX)';
/** A load ends iterations after 2 s, runs teardown, and outputs may take 28 s; teardown of a run takes 30 s at most. */
const GRACE_SECONDS = 60;

/** The claim of the user, that all pods mount. */
export function describeClaim(claimName: string): object {
  return { persistentVolumeClaim: { claimName } };
}

export function describeConfigMap(name: string, { files }: PodFiles): unknown {
  const texts = files.flatMap(({ key, text }) => (text === undefined ? [] : [[key, text]]));
  const bytes = files.flatMap(({ key, base64 }) => (base64 === undefined ? [] : [[key, base64]]));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: labelsOf(name) },
    data: Object.fromEntries(texts),
    ...(bytes.length > 0 && { binaryData: Object.fromEntries(bytes) }),
  };
}

/** A Job that is never tried again: a part of a load that comes late is none of it, and half a flow may have changed what it would find. */
export function describeJob({ name, words, shards, waits }: JobAbout, pod: PodAbout): unknown {
  const onOwnEnd = { containerName: 'testmesh', operator: 'In', values: pod.ownEnds };
  const many = shards !== undefined && {
    completionMode: 'Indexed',
    completions: shards,
    parallelism: shards,
    // One that ends does not end the others.
    backoffLimitPerIndex: 0,
    podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: onOwnEnd }] },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: labelsOf(pod.name) },
    spec: {
      ...(waits && { suspend: true }),
      ...(many || {
        backoffLimit: 0,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: onOwnEnd }] },
      }),
      template: {
        metadata: { labels: labelsOf(pod.name) },
        spec: describePod({ name, words, shards }, pod),
      },
    },
  };
}

function describePod({ name, words, shards }: JobAbout, { files, image, env, data, ...pod }: PodAbout): unknown {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    // Its variables (`ORDERS_PORT`) would stand in for those of flows.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(shards !== undefined && { topologySpreadConstraints: [spreadOf(name)] }),
    containers: [
      {
        name: 'testmesh',
        image,
        command: ['testmesh'],
        args: words,
        workingDir: files.workingDir,
        ...(env.length > 0 && { env }),
        volumeMounts: [
          { name: 'flows', mountPath: files.mount, readOnly: true },
          ...(data ? [{ name: 'data', mountPath: DATA }] : []),
        ],
      },
    ],
    volumes: [{ name: 'flows', ...describeFiles(files, pod) }, ...(data ? [{ name: 'data', ...data }] : [])],
  };
}

/** Those that hold secrets come from where secrets are. */
function describeFiles({ files }: PodFiles, { name, secret }: Pick<PodAbout, 'name' | 'secret'>): object {
  const list = (some: PodFiles['files']) => some.map(({ key, path }) => ({ key, path }));
  const configMap = { name, items: list(files.filter(({ from }) => from === undefined)) };
  const hidden = files.filter(({ from }) => from !== undefined);
  if (hidden.length === 0) return { configMap };
  return { projected: { sources: [{ configMap }, { secret: { name: secret, items: list(hidden) } }] } };
}

/** Pods on one node would take each other's processor. */
function spreadOf(job: string): unknown {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { 'job-name': job } },
  };
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': 'testmesh', 'app.kubernetes.io/instance': name };
}
