import { compileNamedGroups } from '../../capture/regex.ts';
import { ExprError } from '../../expr/index.ts';
import type { ServiceSettings } from '../../model/companions/service-plan.ts';
import type { Renderable } from '../../model/plan.ts';
import { findNode, type MapEntry, type MapNode } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { explainOtherServiceKey } from '../foreign/service-keys.ts';
import { describeNode, readTexts } from '../read/fields.ts';
import { CODES, type Findings, helpOf } from '../read/findings.ts';
import { type Fields, isNothing, readFields } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import { isCompanionName } from './companion-name.ts';
import { readEnvFile } from './env-file.ts';
import { SERVICE_KEYS, SERVICE_SETTINGS } from './project-keys.ts';
import type { ProjectContext, WrittenService } from './written-companion.ts';

/** Plans the services. */
export function planServices(map: MapNode | undefined, context: ProjectContext): readonly WrittenService[] {
  return (map?.entries ?? []).flatMap((entry) => planService(entry, context) ?? []);
}

function planService({ key, value }: MapEntry, context: ProjectContext): WrittenService | undefined {
  const { findings } = context;
  const name = key.text.text;
  const before = countErrors(findings);
  if (!isCompanionName({ kind: 'service', name }, key.span, findings)) return undefined;
  if (value.kind !== 'map') {
    const message = `service \`${name}\`: expected a map, got ${describeNode(value)}`;
    const place = isNothing(value) ? key.span : value.span;
    findings.error(CODES.wrongValue, message, place, ['a service has `command`, or `compose`, and `ready`']);
    return undefined;
  }
  const options = { table: SERVICE_KEYS, what: 'a service', explain: explainOtherServiceKey };
  const fields = readFields(value, options, findings);
  const entries = value.entries.filter(({ key: { text } }) => Object.hasOwn(SERVICE_SETTINGS.shape, text.text));
  const usedNames = new Set<string>();
  const { renderable, refs } = compileRenderable(
    { ...value, entries },
    {
      what: name,
      schema: SERVICE_SETTINGS,
      where: 'config',
      verbatim: ['ready.log'],
      anchor: key.span,
      misplaced: new Set([...fields.misspelt, ...fields.empty.keys()]),
    },
    { ...context, usedNames },
  );
  for (const [word, span] of fields.empty) {
    if (SERVICE_KEYS[word] === 'needed' || word === 'command')
      findings.error(CODES.missingKey, `\`${word}\` is empty`, span);
  }
  checkStart(name, { key, value, fields }, context);
  const groups = planLog(value, context);
  const hasUrl = fields.has('url') || findNode(value, ['ready', 'http']) !== undefined;
  return {
    kind: 'service',
    name,
    span: key.span,
    settings: renderable as Renderable<ServiceSettings>,
    envFile: planEnvFile(fields, context),
    needs: [],
    asks: [],
    follows: [],
    reads: [...refs.map((ref) => ref.name), ...usedNames],
    missing: [],
    gives: [...new Set([...(hasUrl ? ['url'] : []), ...(groups?.names ?? [])])],
    readLine: groups?.read,
    hasFixedUrl: hasFixedUrl(value),
    isBroken: countErrors(findings) > before,
    written: planNeeds(fields, context),
    refs,
  };
}

function countErrors({ list }: Findings): number {
  return list.filter(({ severity }) => severity === 'error').length;
}

/** Checks by what a service is started. */
function checkStart(
  name: string,
  { key, value, fields }: { key: MapEntry['key']; value: MapNode; fields: Fields },
  context: ProjectContext,
): void {
  const { findings } = context;
  const [command, compose] = [fields.get('command'), fields.get('compose')];
  const isSaid = ['command', 'compose'].some((word) => fields.misspelt.has(word) || fields.empty.has(word));
  if (!command && !compose && !isSaid)
    findings.error(CODES.missingKey, `\`${name}\` needs \`command\`, or \`compose\``, key.span, [
      `write it below \`${name}:\``,
    ]);
  if (command && compose)
    findings.error(
      CODES.bothSpellings,
      '`command` and `compose` both start the service: write one of them',
      compose.key.span,
    );
  const file = findNode(value, ['compose', 'file']);
  if (file?.kind === 'scalar' && typeof file.value === 'string' && !/\{\{|\$\{|<</.test(file.value)) {
    const cwd = findNode(value, ['cwd']);
    const isBeside = cwd === undefined;
    if (isBeside) readNamedFile(file.text, CODES.missingFile, { ...context, fileWord: 'testmesh.yaml' });
  }
  const signal = compose && findNode(value, ['stop', 'signal']);
  if (signal)
    findings.error(CODES.wrongValue, '`stop.signal` is not for a service of `compose`', signal.span, [
      'the compose file says it, as `stop_signal`',
    ]);
  const reuse = fields.get('reuse');
  if (reuse?.value.kind === 'scalar' && reuse.value.value === true && command && findNode(value, ['ready', 'log']))
    findings.warn(CODES.vainReuse, '`reuse` finds no instance by a line of its output', reuse.key.span, [
      'give the service a fixed port and `ready: {http: …}` or `{tcp: …}`; what `testmesh up` has started is used without `reuse`',
    ]);
}

/** Whether its `url` is the same in every run. */
function hasFixedUrl(service: MapNode): boolean {
  const url = findNode(service, ['url']) ?? findNode(service, ['ready', 'http']);
  return url?.kind === 'scalar' && typeof url.value === 'string' && !/\{\{|\$\{|<</.test(url.value);
}

/** The pattern of the line by which a service is known to be ready. */
function planLog(service: MapNode, { findings }: ProjectContext): ReturnType<typeof compileNamedGroups> | undefined {
  const log = findNode(service, ['ready', 'log']);
  if (log?.kind !== 'scalar' || typeof log.value !== 'string') return undefined;
  try {
    return compileNamedGroups(log.value);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    findings.error(CODES.path, error.message, log.text.locate(error.offset, error.length), helpOf(error));
    return undefined;
  }
}

function planNeeds(fields: Fields, { findings }: ProjectContext): WrittenService['written'] {
  const field = fields.get('needs');
  if (field?.value.kind === 'map') {
    const names = field.value.entries.map(({ key }) => key.text.text).join(', ');
    const help = `write \`needs: [${names}]\`: what a service needs is ready before it starts`;
    findings.error(CODES.wrongValue, '`needs`: expected a list of names, got a map', field.value.span, [help]);
    return [];
  }
  readTexts(field, findings);
  const items = field?.value.kind === 'seq' ? field.value.items : field ? [field.value] : [];
  return items.flatMap((item) => (item.kind === 'scalar' ? [{ name: item.text.text, span: item.span }] : []));
}

function planEnvFile(fields: Fields, context: ProjectContext): ReadonlyMap<string, string> {
  const value = fields.get('env_file')?.value;
  if (!value) return new Map();
  if (value.kind !== 'scalar') {
    context.findings.error(CODES.wrongValue, `\`env_file\`: expected text, got ${describeNode(value)}`, value.span);
    return new Map();
  }
  return readEnvFile(value, context);
}
