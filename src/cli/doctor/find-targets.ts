import { createSecrets } from '../../engine/events/secrets.ts';
import type { Value } from '../../expr/index.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { maskAddress } from '../../util/mask-address.ts';
import type { Project } from '../arguments/find-project.ts';
import { KnownNames } from '../suites/known-names.ts';

export type TargetKind = 'http' | 'sql' | 'redis' | 'kafka';

/** What the environment names, and is to be reached. */
export interface Target {
  readonly kind: TargetKind;
  /** The variables, or the connection, that name it. */
  readonly names: readonly string[];
  /** As it may be shown. */
  readonly shown: string;
  /** The address, or the connection of testmesh.yaml that has it. */
  readonly reach: { readonly address: string } | { readonly connection: string };
}

const BROKERS = /^[\w.-]+:\d{1,5}(?:\s*,\s*[\w.-]+:\d{1,5})*$/;

/** All that flows and the environment name by an address, each once. */
export function findTargets(
  flows: readonly FlowPlan[],
  inputs: GivenInputs,
  project: Project | undefined,
): readonly Target[] {
  const found = new Map<string, Target>();
  const ofFlows = flows.flatMap((plan) => listValues(plan, inputs));
  for (const [name, text] of [...ofFlows, ...listGiven(flows, inputs), ...listWritten(flows)]) {
    const kind = readKind(name, text);
    if (kind === undefined) continue;
    // One of a service with its path is the service.
    const address = kind === 'http' ? new URL(text).origin : text;
    const known = found.get(address);
    const names = [...new Set([...(known?.names ?? []), name])];
    found.set(address, { kind, names, shown: maskAddress(kind === 'http' ? address : text), reach: { address } });
  }
  return [...found.values(), ...findConnections(project)];
}

/** The texts that a flow's variables have before it runs. */
function listValues(plan: FlowPlan, inputs: GivenInputs): readonly (readonly [string, string])[] {
  const host = { now: () => Date.now(), readEnv: (name: string) => inputs.processEnv[name] };
  const run = { plan, inputs: resolveInputs(plan, inputs).inputs };
  const names = new KnownNames(run, { secrets: createSecrets(), host });
  const values = plan.declared.map(({ name }): [string, Value | undefined] => [name, names.get(name)]);
  return values.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value.trim()] as const] : []));
}

/** The texts that the environment and flags give, of which no flow says anything itself. */
function listGiven(
  flows: readonly FlowPlan[],
  { envFile, given }: GivenInputs,
): readonly (readonly [string, string])[] {
  const declared = new Set(flows.flatMap((plan) => plan.declared.map(({ name }) => name)));
  const undeclared = [...new Map([...envFile, ...given])].filter(([name]) => !declared.has(name));
  return undeclared.flatMap(([name, { text, value }]) => {
    const known = text ?? value;
    return typeof known === 'string' ? [[name, known.trim()] as const] : [];
  });
}

/** The addresses that steps have written out, by their settings. */
function listWritten(flows: readonly FlowPlan[]): readonly (readonly [string, string])[] {
  const files = new Set(flows.map(({ file }) => file));
  return [...files].flatMap((file) => readYaml(file).documents.flatMap(listWrittenIn));
}

function listWrittenIn(node: Node): readonly (readonly [string, string])[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'seq') return node.items.flatMap(listWrittenIn);
  const config = findEntry(node, 'config')?.value;
  const own = ['url', 'connection', 'brokers'].flatMap((key) => {
    const value = config && findEntry(config, key)?.value;
    const address = value?.kind === 'scalar' && cutToAddress(value.text.text.trim());
    return address ? [[key, address] as const] : [];
  });
  return [...own, ...node.entries.flatMap(({ value }) => listWrittenIn(value))];
}

/** Of a service what stands before its path, which may have placeholders. */
function cutToAddress(text: string): string | undefined {
  const address = /^https?:\/\/[^/?#]+/i.exec(text)?.[0] ?? text;
  return /\{\{|\$\{/.test(address) ? undefined : address;
}

function readKind(name: string, text: string): TargetKind | undefined {
  if (/^https?:\/\/./i.test(text)) return URL.canParse(text) ? 'http' : undefined;
  if (/^(?:postgres|postgresql|mysql|mariadb):\/\//i.test(text)) return 'sql';
  if (/^rediss?:\/\//i.test(text)) return 'redis';
  return /broker|kafka/i.test(name) && BROKERS.test(text) ? 'kafka' : undefined;
}

function findConnections(project: Project | undefined): readonly Target[] {
  const connections = project?.flowSettings?.connections?.here ?? new Map<string, Node>();
  return [...connections].map(([name, node]): Target => {
    const address = node.kind === 'scalar' ? node.text.text : '';
    const brokers = findEntry(node, 'brokers')?.value;
    const shown =
      node.kind === 'scalar' ? maskAddress(address) : brokers?.kind === 'scalar' ? brokers.text.text : 'brokers';
    const kind = node.kind !== 'scalar' ? 'kafka' : /^rediss?:/i.test(address) ? 'redis' : 'sql';
    return { kind, names: [name], shown, reach: { connection: name } };
  });
}
