import * as z from 'zod/mini';
import type { Value } from '../../expr/index.ts';
import type { NameRef, Renderable } from '../../model/plan.ts';
import { createSourceFile, type SourceFile, type Span } from '../../model/source-file.ts';
import { findNode, type MapEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { readWrittenYaml } from '../../source/yaml/read-yaml.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { explainOtherEnvironmentKey } from '../foreign/service-keys.ts';
import type { KnownConnections } from '../read/context.ts';
import { describeNode, readBool, readMap, readTexts } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Fields, isNothing, readFields } from '../read/keys.ts';
import { checkVariableName } from '../read/variable-name.ts';
import { readEnvFile } from './env-file.ts';
import { listConnections, planConnections } from './plan-connections.ts';
import { ENVIRONMENT_KEYS } from './project-keys.ts';
import type { ProjectContext } from './written-companion.ts';

/** What testmesh.yaml says of environments. */
export interface EnvironmentsPlan {
  readonly names: readonly string[];
  /** The one that was asked for, else the default one; undefined where there is none of that name. */
  readonly chosen: EnvironmentPlan | undefined;
  /** Absent where none has any. */
  readonly connections: KnownConnections | undefined;
  /** Names that the others give, with these. */
  readonly offered: ReadonlyMap<string, readonly string[]>;
}

/** Values that flows are given by the name of an environment. */
export interface EnvironmentPlan {
  readonly name: string;
  /** Whether what disturbs others in it is refused. */
  readonly isProtected: boolean;
  /** From its files, the last of a name counts. */
  readonly fromFiles: ReadonlyMap<string, string>;
  readonly secrets: readonly EnvironmentSecret[];
  /** By their names, as they are written. */
  readonly connections: ReadonlyMap<string, Node>;
  /** In the order written: each may read those before it, the secrets and what is in the files. */
  readonly variables: readonly EnvironmentVariable[];
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly span: Span;
  readonly value: Renderable<Value>;
  readonly refs: readonly NameRef[];
}

/** A secret, and where it is read. */
export interface EnvironmentSecret {
  readonly name: string;
  readonly span: Span;
  readonly source: { readonly command: string } | { readonly file: string };
}

export type EnvironmentsContext = Omit<
  ProjectContext,
  'givenNames' | 'reporters' | 'codes' | 'render' | 'library' | 'actions'
>;

const SECRET_SOURCE = z.union([
  z.strictObject({ command: z.string().check(z.minLength(1)) }),
  z.strictObject({ file: z.string().check(z.minLength(1)) }),
]);

/** Plans the environments of testmesh.yaml; what else stands there is not looked at. Files are read of the chosen one alone. */
export function planEnvironments(
  file: SourceFile,
  wanted: string | undefined,
  context: EnvironmentsContext,
): EnvironmentsPlan {
  const [root] = readWrittenYaml(file).documents;
  const all = root?.kind === 'map' ? root.entries.find(({ key }) => key.text.text === 'environments') : undefined;
  const entries = (all && readMap(all, context.findings))?.entries ?? [];
  const names = entries.map(({ key }) => key.text.text);
  const isDefault = wanted === undefined;
  const name = isDefault && root?.kind === 'map' ? readDefault(root, names, context) : wanted;
  const plans = entries
    .map((entry) => planEnvironment(entry, entry.key.text.text === name, context))
    .filter((plan) => plan !== undefined);
  const hasConnections = plans.some(({ connections }) => connections.size > 0);
  return {
    names,
    chosen: plans.find((plan) => plan.name === name),
    connections: hasConnections ? listConnections(plans, name) : undefined,
    offered: listOffered(plans.filter((plan) => plan.name !== name)),
  };
}

function listOffered(plans: readonly EnvironmentPlan[]): ReadonlyMap<string, readonly string[]> {
  const offered = new Map<string, string[]>();
  for (const { name, variables, secrets } of plans) {
    for (const given of [...variables, ...secrets]) offered.set(given.name, [...(offered.get(given.name) ?? []), name]);
  }
  return offered;
}

function readDefault(root: MapNode, names: readonly string[], { findings }: EnvironmentsContext): string | undefined {
  const node = findNode(root, ['default_environment']);
  if (!node || isNothing(node)) return undefined;
  if (node.kind === 'scalar' && names.includes(node.text.text)) return node.text.text;
  const got = node.kind === 'scalar' ? `\`${node.text.text}\`` : describeNode(node);
  findings.error(CODES.wrongValue, `\`default_environment\`: there is no environment ${got}`, node.span, [
    describeChoices(node.kind === 'scalar' ? node.text.text : '', names),
  ]);
  return undefined;
}

/** What a name that no environment has may have been. */
export function describeChoices(name: string, names: readonly string[]): string {
  if (names.length === 0) return 'environments stand in testmesh.yaml, under `environments:`';
  const nearest = findNearest(name, names);
  return nearest === undefined ? `there is ${listNames(names, 20)}` : `did you mean \`${nearest}\`?`;
}

function planEnvironment(
  { key, value }: MapEntry,
  isChosen: boolean,
  context: EnvironmentsContext,
): EnvironmentPlan | undefined {
  const { findings } = context;
  const name = key.text.text;
  if (value.kind !== 'map') {
    const place = isNothing(value) ? key.span : value.span;
    findings.error(CODES.wrongValue, `environment \`${name}\`: expected a map, got ${describeNode(value)}`, place, [
      'an environment has `env: {NAME: value}`, `env_file`, `secrets` and `connections`',
    ]);
    return undefined;
  }
  const fields = readFields(
    value,
    { table: ENVIRONMENT_KEYS, what: 'an environment', explain: explainOtherEnvironmentKey },
    findings,
  );
  const secrets = planSecrets(fields, context);
  const variables = planVariables(fields, secrets, context);
  const connections = planConnections(fields, context);
  const isProtected = readBool(fields.get('protected'), false, findings);
  return {
    name,
    isProtected,
    secrets,
    variables,
    connections,
    fromFiles: isChosen ? readFiles(fields, context) : new Map(),
  };
}

function planVariables(
  fields: Fields,
  secrets: readonly EnvironmentSecret[],
  context: EnvironmentsContext,
): readonly EnvironmentVariable[] {
  const { findings } = context;
  return (readMap(fields.get('env'), findings)?.entries ?? []).flatMap(({ key, value }) => {
    if (!checkVariableName(key, findings)) return [];
    const name = key.text.text;
    const twin = secrets.find((secret) => secret.name === name);
    if (twin) {
      const message = `\`${name}\` stands under \`env\` and \`secrets\` of one environment: write one of them`;
      findings.error(CODES.bothSpellings, message, key.span);
      return [];
    }
    const { renderable, refs } = compileRenderable(value, { what: name, schema: z.unknown(), where: 'env' }, context);
    return [{ name, span: key.span, value: renderable as Renderable<Value>, refs }];
  });
}

function planSecrets(fields: Fields, context: EnvironmentsContext): readonly EnvironmentSecret[] {
  const { findings } = context;
  return (readMap(fields.get('secrets'), findings)?.entries ?? []).flatMap(({ key, value }) => {
    if (!checkVariableName(key, findings)) return [];
    const name = key.text.text;
    const source = readSource(name, value, context);
    return source ? [{ name, span: key.span, source }] : [];
  });
}

function readSource(name: string, value: Node, context: EnvironmentsContext): EnvironmentSecret['source'] | undefined {
  if (value.kind !== 'map') {
    // It is not repeated: somebody wrote the secret itself.
    const message = `secret \`${name}\`: expected where it is read, got ${isNothing(value) ? 'nothing' : 'a value'}`;
    const help =
      'write `{command: "pass show staging"}` or `{file: /run/secrets/token}`; a secret is not kept in testmesh.yaml';
    const { path, absolutePath, text } = context.file;
    const file = createSourceFile(path, absolutePath, text, { hidesLines: true });
    context.findings.error(CODES.wrongValue, message, { ...value.span, file }, [help]);
    return undefined;
  }
  const before = context.findings.list.length;
  const options = { what: name, schema: SECRET_SOURCE, where: 'env', verbatim: ['command', 'file'] } as const;
  const { renderable, authored } = compileRenderable(value, options, context);
  if (!renderable.isStatic || context.findings.list.length > before) return undefined;
  return authored as EnvironmentSecret['source'];
}

function readFiles(fields: Fields, context: EnvironmentsContext): ReadonlyMap<string, string> {
  const field = fields.get('env_file');
  readTexts(field, context.findings);
  const items = field?.value.kind === 'seq' ? field.value.items : field ? [field.value] : [];
  const values = new Map<string, string>();
  for (const item of items) {
    if (item.kind !== 'scalar') continue;
    for (const [name, text] of readEnvFile(item, context)) values.set(name, text);
  }
  return values;
}
