import { dirname, join } from 'node:path';
import type { CompanionRef } from '../../model/companions/companion.ts';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { findEntry, type MapEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { findNearest } from '../../util/suggest.ts';
import { planFlow } from '../flow/plan-flow.ts';
import { wrapSettings } from '../lower/settings-flow.ts';
import { replaceEntry } from '../lower/synthetic.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { isNothing } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import { listKeys } from '../read/schema-keys.ts';
import { isCompanionName } from './companion-name.ts';
import type { ProjectContext, WrittenStarter } from './written-companion.ts';

/** What a stub or a proxy of testmesh.yaml is written as. */
const KINDS = {
  stub: { action: 'mock_server_start', example: 'a stub has `file: stubs/users.yaml`, or `routes`' },
  proxy: { action: 'fault_proxy_start', example: 'a proxy has `upstream`, such as `localhost:5432`' },
} as const;

type StarterKind = keyof typeof KINDS;

/** Plans stubs or proxies: each is the flow of the one step that starts it. */
export function planStarters(
  kind: StarterKind,
  map: MapNode | undefined,
  context: ProjectContext,
): readonly WrittenStarter[] {
  return (map?.entries ?? []).flatMap((entry) => planStarter(kind, entry, context) ?? []);
}

function planStarter(kind: StarterKind, entry: MapEntry, context: ProjectContext): WrittenStarter | undefined {
  const { key, value } = entry;
  const ref: CompanionRef = { kind, name: key.text.text };
  const { action, example } = KINDS[kind];
  if (!isCompanionName(ref, key.span, context.findings)) return undefined;
  if (value.kind !== 'map') {
    const message = `${kind} \`${ref.name}\`: expected a map, got ${describeNode(value)}`;
    context.findings.error(CODES.wrongValue, message, isNothing(value) ? key.span : value.span, [
      suggestSettings(ref, value) ?? example,
    ]);
    return undefined;
  }
  const settings = kind === 'stub' ? readStub(value, ref.name, context) : { root: value, file: context.file };
  if (!settings) return undefined;
  const { root, file } = settings;
  const wrapped = wrapSettings(root, { action, id: ref.name, name: `${kind} ${ref.name}` });
  const planContext = createPlanContext(ref.name, file, context);
  const flow = planFlow(wrapped, { index: 0, count: 1 }, planContext);
  const gives = Object.keys(context.actions.get(action)?.result.keys ?? {});
  if (!flow) return undefined;
  return {
    kind,
    name: ref.name,
    span: key.span,
    gives,
    needs: [],
    asks: [],
    reads: [...planContext.usedNames],
    missing: [],
    flow,
  };
}

function createPlanContext(name: string, file: SourceFile, context: ProjectContext): Parameters<typeof planFlow>[2] {
  const none = { prefix: '', calling: [], calledFindings: [], usedNames: new Set<string>() };
  return { ...context, ...none, file, settingsOf: name, planCalled: () => undefined };
}

/** The settings of a stub, from its file where it names one; the port of testmesh.yaml goes before the file's. */
function readStub(value: MapNode, name: string, context: ProjectContext): { root: Node; file: SourceFile } | undefined {
  const { findings } = context;
  const named = findEntry(value, 'file')?.value;
  if (!named) return isFileMisspelt(value, name, context) ? undefined : { root: value, file: context.file };
  for (const { key } of value.entries) {
    const word = key.text.text;
    if (word === 'file' || word === 'port') continue;
    const help = [`write \`${word}\` in the file, or all settings here and no \`file\``];
    findings.error(CODES.unknownKey, `\`${word}\` stands beside \`file\`, where only \`port\` is read`, key.span, help);
  }
  if (named.kind !== 'scalar' || typeof named.value !== 'string') {
    findings.error(CODES.wrongValue, `\`file\`: expected the path of a file, got ${describeNode(named)}`, named.span);
    return undefined;
  }
  const read = readNamedFile(named.text, CODES.missingFile, { ...context, fileWord: 'testmesh.yaml' });
  if (!read) return undefined;
  const shown = join(dirname(context.file.path), named.text.text);
  const { file, documents, diagnostics } = context.library.add(createSourceFile(shown, read.absolutePath, read.text));
  findings.add(diagnostics.filter((one) => !findings.list.includes(one)));
  const [root, second] = documents;
  if (second) {
    const message = 'a file holds one stub, and this is a second document';
    findings.error(CODES.wrongValue, message, second.span, ['put it in a file of its own']);
  }
  const port = findEntry(value, 'port')?.value;
  if (!root) return undefined;
  return { root: port && root.kind === 'map' ? replaceEntry(root, 'port', port) : root, file };
}

/** Whether a key was to be `file`, which is reported. */
function isFileMisspelt(value: MapNode, name: string, { actions, findings }: ProjectContext): boolean {
  const schema = actions.get(KINDS.stub.action)?.settings.schema;
  const known = schema ? listKeys(schema, []) : [];
  const entry = value.entries.find(
    ({ key: { text } }) => !known.includes(text.text) && findNearest(text.text, [...known, 'file']) === 'file',
  );
  if (!entry) return false;
  const { text, span } = entry.key;
  findings.error(CODES.unknownKey, `unknown key \`${text.text}\` in \`${name}\``, span, ['did you mean `file`?']);
  return true;
}

/** A stub that was written as its file or its routes, and a proxy that was written as its address. */
function suggestSettings({ kind, name }: CompanionRef, value: Node): string | undefined {
  if (kind === 'stub' && value.kind === 'seq') return `write \`${name}: {routes: […]}\``;
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.text.text : '';
  if (kind === 'stub' && /\.ya?ml$/.test(text)) return `write \`${name}: {file: ${text}}\``;
  return kind === 'proxy' && /^[\w.-]+:\d+$/.test(text) ? `write \`${name}: {upstream: "${text}"}\`` : undefined;
}
