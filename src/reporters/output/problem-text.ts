import type { Problem, StepRef } from '../../model/events.ts';
import type { FlowAbout } from '../../model/flow-about.ts';
import { renderProblem } from '../../source/render/render-problem.ts';
import { createPaint } from '../../util/paint.ts';

const paint = createPaint(false);

/** What a step is called in lists of cases. */
export function nameOfCase({ address, name }: StepRef): string {
  return name === undefined ? address : `${address}: ${name}`;
}

/** A flow without its row, whose values change with the data. */
export function nameOfFlow({ name, row }: Pick<FlowAbout, 'name' | 'row'>): string {
  const at = row === undefined ? -1 : name.lastIndexOf(` [row ${row}: `);
  return at === -1 ? name : name.slice(0, at);
}

/** Problems as text without colours: message, place, excerpt with values, differences, hints. */
export function writeProblems(problems: readonly Problem[]): string {
  return problems.map((problem) => renderProblem(problem, paint)).join('\n\n');
}

export function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** Of what a command said of a run that did not start, why: its first line, notes and warnings aside. */
export function firstSaid(said: string): string {
  const lines = said.split('\n').filter((line) => line !== '' && !/^(?:note|warning)\b/.test(line));
  return (lines[0] ?? 'nothing ran').replace(/^testmesh: /, '');
}
