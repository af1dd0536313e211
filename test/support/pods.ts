import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { writeFiles } from './write-files.ts';

interface Meta {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}
export interface ConfigMap {
  readonly kind: 'ConfigMap';
  readonly metadata: Meta;
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}
interface Items {
  readonly name: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}
interface Volume {
  readonly name: string;
  readonly configMap?: Items;
  readonly projected?: { readonly sources: readonly { readonly configMap?: Items; readonly secret?: Items }[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
export interface Job {
  readonly kind: 'Job';
  readonly metadata: Meta;
  readonly spec: {
    readonly completions?: number;
    readonly suspend?: boolean;
    readonly template: {
      readonly spec: { readonly containers: readonly [Container]; readonly volumes: readonly Volume[] };
    };
  };
}

export interface Manifest {
  readonly configMap: ConfigMap;
  readonly jobs: readonly Job[];
}

/** Reads it as `kubectl` does, which speaks YAML 1.1. */
export function readManifest(text: string): Manifest {
  const [configMap, ...jobs] = parseAllDocuments(text, { version: '1.1' }).map((one) => one.toJS() as ConfigMap | Job);
  return { configMap: configMap as ConfigMap, jobs: jobs as Job[] };
}

/** What a pod of a job would be started with. */
export interface Pod {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** Lays out the files of a job's pods as the kubelet mounts them, below a folder, and gives the pods. */
export function openPods(
  { configMap }: Manifest,
  job: Job,
  { secret = {}, data }: { secret?: Readonly<Record<string, string>>; data: string },
): readonly Pod[] {
  const root = mkdtempSync(join(tmpdir(), 'testmesh-pod-'));
  const { containers, volumes } = job.spec.template.spec;
  const [container] = containers;
  const mounts = container.volumeMounts.map(({ name, mountPath }) => {
    const volume = volumes.find((one) => one.name === name) as Volume;
    return { mountPath, folder: volume.persistentVolumeClaim ? data : join(root, name), volume };
  });
  for (const { volume, folder } of mounts) layOut(volume, folder, { configMap, secret });
  // A path is a word, or stands behind the name of what it is for: `junit=/testmesh-data/report.xml`.
  const place = (text: string): string =>
    text.replace(/(?<=^|^[\w-]+=)\/[^/]+/, (top) => mounts.find(({ mountPath }) => mountPath === top)?.folder ?? top);
  return Array.from({ length: job.spec.completions ?? 1 }, (_, index) => {
    const env: Record<string, string> =
      job.spec.completions === undefined ? {} : { JOB_COMPLETION_INDEX: String(index) };
    for (const { name, value, valueFrom } of container.env ?? []) {
      const given = value === undefined ? secret[valueFrom?.secretKeyRef.key ?? ''] : expand(value, env);
      if (given === undefined) throw new Error(`the Secret has no key ${valueFrom?.secretKeyRef.key}`);
      env[name] = given;
    }
    return { words: container.args.map((word) => place(expand(word, env))), cwd: place(container.workingDir), env };
  });
}

function layOut(
  { configMap: own, projected }: Volume,
  folder: string,
  { configMap, secret }: { configMap: ConfigMap; secret: Readonly<Record<string, string>> },
): void {
  const write = ({ key, path }: Items['items'][number], bytes: Buffer | string | undefined): void => {
    if (bytes === undefined || !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || path.split('/').includes('..'))
      throw new Error(`no such item: ${key} at ${path}`);
    writeFiles(folder, { [path]: bytes });
  };
  for (const source of projected?.sources ?? [{ configMap: own }]) {
    for (const item of source.configMap?.items ?? []) {
      const base64 = configMap.binaryData?.[item.key];
      write(item, base64 === undefined ? configMap.data[item.key] : Buffer.from(base64, 'base64'));
    }
    for (const item of ('secret' in source && source.secret?.items) || []) write(item, secret[item.key]);
  }
}

/** `$(NAME)` is a variable where there is one of that name, and `$$` is `$`. */
function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}
