import type { FlowAbout } from '../../model/flow-about.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { Again } from '../output/options.ts';
import { cleanLine } from '../output/text.ts';
import type { FlowFailures } from './failures.ts';

const MAX_ADDRESSES = 5;

/** Knows which files have several flows in a run: of those a step's id alone does not say which is meant. */
export class SharedFiles {
  /** The one flow that each file has; none for a file that has several. */
  readonly #flowByFile = new Map<string, string | undefined>();

  add({ file, id }: Pick<FlowAbout, 'file' | 'id'>): void {
    const isFirst = !this.#flowByFile.has(file) || this.#flowByFile.get(file) === id;
    this.#flowByFile.set(file, isFirst ? id : undefined);
  }

  has(file: string): boolean {
    return this.#flowByFile.get(file) === undefined;
  }
}

/** The command that runs a flow, or some of its rows, again. */
export function renderAgain(
  flow: FlowFailures,
  { isFileShared, rows }: { readonly isFileShared: boolean; readonly rows?: string | undefined },
  again: Again,
): string | undefined {
  if (!isFileBased(flow)) return undefined;
  const addresses = [...new Set(flow.failures.map((failure) => failure.address))];
  const row = flow.row === undefined ? [] : [`--row ${rows ?? flow.row}`];
  const run = ['testmesh run', quoteShell(flow.file), ...again.words, ...row].join(' ');
  if (isFileShared) return run;
  // A cleanup has something to do only after its step. A flow that failed by itself, or in many places, is run again as a whole.
  const isOfFlow = flow.failures.some((failure) => failure.isOfFlow);
  if (isOfFlow || addresses.length > MAX_ADDRESSES || flow.more > 0) return run;
  const chosen = again.choose ? again.choose(flow.file, addresses) : addresses;
  return chosen ? `${run} --only ${quoteShell(chosen.join(','))}` : run;
}

/** Whether the flow stands in a file that can be named again, also on a terminal. */
function isFileBased({ file }: Pick<FlowAbout, 'file'>): boolean {
  return file !== '' && !file.startsWith('<') && cleanLine(file) === file;
}
