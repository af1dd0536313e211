import { dirname, join, resolve } from 'node:path';
import type { ActionDefinition } from '../../model/action/definition.ts';
import { positionAt, type Span, type TextAt } from '../../model/source-file.ts';
import { listPhases } from '../../model/walk-steps.ts';
import { describeReadError } from '../../source/yaml/load-source-file.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { CalledFlow, CalledPlan, PlanContext, PlannedStep } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import { type FlowDocument, type LibraryFile, listDocuments } from '../read/flow-library.ts';
import { suggestFile } from '../read/named-file.ts';

/** A flow that a step calls, planned for that call. */
export interface PlannedCall {
  readonly flow: CalledFlow;
  readonly children: readonly PlannedStep[];
  /** What its result has. */
  readonly resultNames: readonly string[];
}

export interface CallSource {
  readonly action: ActionDefinition;
  /** Its settings. */
  readonly config: Node;
  /** Of the step that calls. */
  readonly address: string;
  /** The word that asks for the flow. */
  readonly anchor: Span;
}

/** Plans the flow that a step calls; undefined when there is none to be called (the finding is reported). */
export function planCall(source: CallSource, context: PlanContext): PlannedCall | undefined {
  const { action, config, address } = source;
  const node = action.control?.calls && findEntry(config, action.control.calls.flow)?.value;
  const document = node?.kind === 'scalar' && node.value !== null ? findFlow(node.text, context) : undefined;
  if (node?.kind !== 'scalar' || !document) return undefined;
  const key = `${document.source.file.absolutePath}#${document.index}`;
  if (reportCycle(key, document, node.text, context)) return undefined;
  const inputs = readInputs(action, config);
  const { file } = document.source;
  const plan = context.planCalled(document, {
    ...context,
    file,
    calledWith: new Set(inputs.keys()),
    prefix: `${address}>`,
    calling: [...context.calling, { key, name: nameOf(document) }],
  });
  if (!plan) return undefined;
  reportInputs(plan, { inputs, place: node.text.span, file: document }, context);
  const { flow } = plan;
  reportColumns(flow, { inputs, name: node.text }, context);
  const children = listPhases(flow);
  const resultNames = flow.output
    ? flow.output.map(({ name }) => name)
    : [...flow.setup, ...flow.steps].flatMap(({ provides }) => provides);
  return { flow, children, resultNames };
}

function nameOf({ source, id }: FlowDocument): string {
  return source.documents.length > 1 ? `${source.file.path}#${id}` : source.file.path;
}

/** `lib/login.yaml`, `lib/users.yaml#login`, or the id of a flow of this file or of the run. */
function findFlow(name: TextAt, context: PlanContext): FlowDocument | undefined {
  const { findings } = context;
  if (/\{\{|\$\{|<</.test(name.text)) {
    const help = ['write the file or the id itself; `if` can choose between two calls'];
    findings.error(CODES.wrongValue, '`flow` has to be known before the run: it takes no placeholder', name.span, help);
    return undefined;
  }
  const [path = '', id] = name.text.split('#');
  if (/\.ya?ml$/i.test(path)) return findInFile(path, id, { name, context });
  const own = context.library.add(context.file);
  const found = listDocuments(own).find((flow) => flow.id === name.text);
  if (found) return found;
  const flows = context.library.listFlows().filter((flow) => flow.id === name.text);
  const [first, second] = flows;
  if (first && second) {
    const where = listNames(
      flows.map(({ source }) => source.file.path),
      5,
    );
    const help = 'name its file, relative to this one';
    findings.error(CODES.unknownFlow, `several flows have the id \`${name.text}\`: ${where}`, name.span, [help]);
  } else if (!first) reportUnknownFlow(name, context, own);
  return second ? undefined : first;
}

/** The ending of flow files; testmesh.yaml is none. */
const FLOW_FILE = /^(?!testmesh\.ya?ml$).*\.ya?ml$/i;

function reportUnknownFlow(name: TextAt, context: PlanContext, own: LibraryFile): void {
  const ids = [...new Set([...listDocuments(own), ...context.library.listFlows()].map(({ id }) => id))];
  const nearest = findNearest(name.text, ids);
  const file = suggestFile(name.text, resolve(dirname(context.file.absolutePath), name.text), FLOW_FILE);
  const help = nearest
    ? `did you mean \`${nearest}\`?`
    : (file ?? 'write the id of a flow of this run, or the path of its file: `lib/login.yaml`');
  context.findings.error(CODES.unknownFlow, `there is no flow \`${name.text}\``, name.span, [help]);
}

function findInFile(
  path: string,
  id: string | undefined,
  { name, context }: { name: TextAt; context: PlanContext },
): FlowDocument | undefined {
  const { file, findings } = context;
  const absolute = resolve(dirname(file.absolutePath), path);
  const problem = (reason: string): undefined => {
    const help = [suggestFile(path, absolute, FLOW_FILE) ?? `it is looked for beside the flow file, at ${absolute}`];
    findings.error(CODES.missingFile, `the file \`${path}\` ${reason}`, name.span, help);
  };
  let source: LibraryFile | undefined;
  try {
    source = context.library.open({ absolute, shown: join(dirname(file.path), path) });
  } catch (error) {
    return problem(describeReadError(error).reason);
  }
  if (!source) return problem('does not exist');
  const flows = listDocuments(source);
  context.calledFindings.push(...source.diagnostics);
  const found = id === undefined ? (flows.length === 1 ? flows[0] : undefined) : flows.find((flow) => flow.id === id);
  if (found || flows.length === 0) return found;
  const ids = listNames(
    flows.map((flow) => flow.id),
    20,
  );
  const message = id === undefined ? `\`${path}\` holds several flows` : `\`${path}\` holds no flow \`${id}\``;
  findings.error(CODES.unknownFlow, message, name.span, [`write \`${path}#<id>\`; the ids there are ${ids}`]);
  return undefined;
}

function reportCycle(key: string, document: FlowDocument, name: TextAt, context: PlanContext): boolean {
  const at = context.calling.findIndex((caller) => caller.key === key);
  if (at === -1) return false;
  const round = [...context.calling.slice(at).map((caller) => caller.name), nameOf(document)].join(' → ');
  const message = `\`${name.text}\` calls itself: ${round}`;
  context.findings.error(CODES.callsItself, message, name.span, ['remove one of these calls']);
  return true;
}

/** The values that the call gives, by name, at their places. */
function readInputs(action: ActionDefinition, config: Node): ReadonlyMap<string, Span> {
  const input = action.control?.calls && findEntry(config, action.control.calls.input)?.value;
  if (input?.kind !== 'map') return new Map();
  return new Map(input.entries.map(({ key }) => [key.text.text, key.span]));
}

/** A call runs a flow with rows once: what it gives takes the place of a row. */
function reportColumns(
  { columns }: CalledFlow,
  { inputs, name }: { inputs: ReadonlyMap<string, Span>; name: TextAt },
  context: PlanContext,
): void {
  const missing = columns.filter((column) => !inputs.has(column));
  if (missing.length === 0) return;
  const message = `\`${name.text}\` has \`data\`, and a call is one row of it: nothing gives ${listNames(missing, 5)}`;
  context.findings.error(CODES.missingInput, message, name.span, [
    `write \`input: { ${missing.map((column) => `${column}: …`).join(', ')} }\`; for several rows, call it in a \`for_each\``,
  ]);
}

/** Reports values that the flow needs and nobody gives, and values that it does not know. */
function reportInputs(
  { flow, missing, used }: CalledPlan,
  { inputs, place, file }: { inputs: ReadonlyMap<string, Span>; place: Span; file: FlowDocument },
  context: PlanContext,
): void {
  const path = nameOf(file);
  const reported = new Set<string>();
  for (const { name, span } of missing) {
    if (reported.has(name)) continue;
    reported.add(name);
    const nearest = findNearest(name, inputs.keys());
    const { line } = positionAt(span.file, span.start);
    const where = span.file === file.source.file ? `line ${line}` : `${span.file.path}, line ${line}`;
    const message = `\`${path}\` needs \`${name}\` (${where}), but nothing gives it`;
    const help = nearest ? `\`${nearest}\` is given: did you mean \`${name}\`?` : `write \`input: { ${name}: … }\``;
    context.findings.error(CODES.missingInput, message, place, [help]);
  }
  const declared = [...flow.declared.map(({ name }) => name), ...flow.columns];
  for (const [name, span] of inputs) {
    if (used.has(name) || declared.includes(name) || reported.has(name)) continue;
    const nearest = findNearest(name, [...declared, ...reported]);
    const help = nearest ? `did you mean \`${nearest}\`?` : 'remove it, or use it there';
    context.findings.warn(CODES.unknownInput, `\`${path}\` neither declares nor uses \`${name}\``, span, [help]);
  }
}
