import type { FlowPlan } from '../../model/plan.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { findEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { explainOtherLoadKey } from '../foreign/words.ts';
import type { Findings } from '../read/findings.ts';
import { type Field, type KeyTable, readFields } from '../read/keys.ts';

/** What a document of a flow file says of loads. */
export interface LoadDocument {
  readonly file: SourceFile;
  /** Of the same document. */
  readonly flow?: FlowPlan | undefined;
  readonly load?: Field | undefined;
  readonly scenarios?: Field | undefined;
}

/** The keys of a document that has scenarios and is no flow. */
export const LOAD_KEYS: KeyTable = { id: true, name: true, description: true, load: true, scenarios: true };

/** Whether a document only says how flows of other ones are run. */
export function isLoadOnly(root: Node): root is MapNode {
  const has = (key: string): boolean => findEntry(root, key) !== undefined;
  return has('scenarios') && !['flow', 'steps', 'setup', 'teardown'].some(has);
}

export function readLoadOnly(root: MapNode, file: SourceFile, findings: Findings): LoadDocument {
  const isOwnWord = (word: string): boolean => word.startsWith('x-');
  const what = 'a document with `scenarios`';
  const fields = readFields(root, { table: LOAD_KEYS, what, isOwnWord, explain: explainOtherLoadKey }, findings);
  return { file, load: fields.get('load'), scenarios: fields.get('scenarios') };
}

/** What a flow says of loads; undefined when it says nothing. */
export function findLoad(root: Node, flow: FlowPlan): LoadDocument | undefined {
  const node = findEntry(root, 'flow')?.value ?? root;
  const load = findEntry(node, 'load');
  const scenarios = findEntry(node, 'scenarios');
  return load || scenarios ? { file: flow.file, flow, load, scenarios } : undefined;
}

/** The names that `reconcile` reads: nobody else may, of what steps capture for it. */
export function listReconciledNames(documents: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'map') for (const { value } of node.entries) visit(value);
    else if (node.kind === 'seq') for (const item of node.items) visit(item);
    else
      for (const [placeholder] of node.text.text.matchAll(/\{\{.*?\}\}/gs))
        for (const [name] of placeholder.matchAll(/[A-Za-z_]\w*/g)) names.add(name);
  };
  for (const root of documents) {
    const load = findEntry(findEntry(root, 'flow')?.value ?? root, 'load')?.value;
    const reconcile = load && findEntry(load, 'reconcile');
    if (reconcile) visit(reconcile.value);
  }
  return names;
}
