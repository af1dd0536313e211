import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import type { LoadSummary, ThresholdSummary } from '../metrics/load-summary.ts';
import { type Output, type OutputAbout, type OutputEnd, OutputMistake, type Series } from '../metrics/samples.ts';
import type { OutputWorld } from './output-world.ts';
import { isSummary } from './page/comparison.ts';
import { writePage } from './page/document.ts';
import { html } from './page/markup.ts';
import { listSections } from './page/sections.ts';
import { ViewMaker } from './page/view.ts';

const TITLE = 'Load report';

/** Writes a report as one page: `report.html`, or `report.html,base=earlier.json` to compare with an earlier summary. */
export function createReportOutput(target: string, world: OutputWorld): Output {
  const [, file = '', base] = /^(.*?)(?:,base=(.*))?$/s.exec(target) ?? [];
  return new ReportOutput(file, base, world.cwd);
}

class ReportOutput implements Output {
  readonly name = 'html';
  readonly wantsRaw = false;
  readonly #file: string;
  readonly #base: string | undefined;
  readonly #cwd: string;
  #maker: ViewMaker | undefined;

  constructor(file: string, base: string | undefined, cwd: string) {
    this.#file = file;
    this.#base = base;
    this.#cwd = cwd;
  }

  /** A report of an earlier load is not to be taken for this one's, should this one not come to its end. */
  async start(about: OutputAbout): Promise<void> {
    this.#maker = new ViewMaker(about, this.#base === undefined ? undefined : this.#readBase(this.#base));
    const body = html`<p>The load ${about.testId} has not come to its end.</p>`;
    try {
      makeFolder(dirname(this.#path));
      writeFileSync(this.#path, writePage({ title: TITLE, sections: [{ id: 'verdict', title: 'Verdict', body }] }));
    } catch (error) {
      throw new OutputMistake(`--out html: \`${this.#file}\` cannot be written: ${describeFileTrouble(error)}`);
    }
  }

  takeSeries(series: readonly Series[], atMs: number): void {
    this.#maker?.takeSeries(series, atMs);
  }

  takeThresholds(thresholds: readonly ThresholdSummary[]): void {
    this.#maker?.takeThresholds(thresholds);
  }

  takeSummary(summary: LoadSummary): void {
    this.#maker?.takeSummary(summary);
  }

  async close(): Promise<OutputEnd> {
    const none = { written: 0, lost: 0 };
    if (!this.#maker?.isOver) return { ...none, notes: [] };
    try {
      writeFileSync(this.#path, writePage({ title: TITLE, sections: listSections(this.#maker.make()) }));
      return { ...none, notes: [] };
    } catch (error) {
      return { ...none, notes: [`\`${this.#file}\` was not written: ${describeFileTrouble(error)}`] };
    }
  }

  get #path(): string {
    return resolve(this.#cwd, this.#file);
  }

  #readBase(file: string): LoadSummary {
    const help = ['a base is what `--summary-export` of an earlier load wrote'];
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(resolve(this.#cwd, file), 'utf8'));
    } catch (error) {
      const why = error instanceof SyntaxError ? 'it is no JSON' : describeFileTrouble(error);
      throw new OutputMistake(`--out html: the base \`${file}\` cannot be read: ${why}`, help);
    }
    if (isSummary(value)) return value;
    throw new OutputMistake(`--out html: the base \`${file}\` is not the summary of a load`, help);
  }
}
