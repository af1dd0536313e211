import type { FlowAbout } from '../../model/flow-about.ts';
import { nameOfFlow } from '../output/problem-text.ts';

/** What a flow is called in a report that build servers compare with the one before: it stays when data changes. */
export interface SuiteName {
  readonly name: string;
  /** With its file, and unlike that of every other flow of the run: readers take equal ones for one. */
  readonly classname: string;
}

/** Names the flows of a run. */
export class SuiteNames {
  readonly #taken = new Map<string, string>();

  nameOf(about: FlowAbout): SuiteName {
    const { file, id, row, repeat } = about;
    const ofRow = row === undefined ? '' : ` [row ${row}]`;
    // Without a row it stands in the name already.
    const again = row === undefined || repeat === undefined ? '' : ` [repeat ${repeat}]`;
    const name = `${nameOfFlow(about)}${ofRow}${again}`;
    const place = file.replace(/\.ya?ml$/i, '');
    const classname = place === '' ? name : `${place}: ${name}`;
    const owner = this.#taken.get(classname) ?? id;
    this.#taken.set(classname, owner);
    return { name, classname: owner === id ? classname : `${classname} (${id})` };
  }
}
