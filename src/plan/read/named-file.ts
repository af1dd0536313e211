import { dirname, join, resolve } from 'node:path';
import type { TextAt } from '../../model/source-file.ts';
import { describeReadError } from '../../source/yaml/load-source-file.ts';
import { findNearestFile } from '../../util/file-trouble.ts';
import type { PlanContext } from './context.ts';

/** A file that a flow names, by a path relative to the flow's. */
export interface NamedFile {
  readonly absolutePath: string;
  readonly text: string;
}

interface FileContext extends Pick<PlanContext, 'file' | 'findings' | 'readFile'> {
  /** What the file that names it is called; a flow file when absent. */
  readonly fileWord?: string | undefined;
}

/** Reads it; undefined when it cannot be read (the finding is reported). Of bytes it is only made sure that they are there. */
export function readNamedFile(
  name: TextAt,
  code: string,
  context: FileContext,
  what?: 'text' | 'bytes',
): NamedFile | undefined {
  const absolutePath = resolve(dirname(context.file.absolutePath), name.text);
  const read = readText(absolutePath, context, what);
  if ('text' in read) return { absolutePath, text: read.text };
  const { fileWord = 'the flow file' } = context;
  const help = [suggestFile(name.text, absolutePath) ?? `it is looked for beside ${fileWord}, at ${absolutePath}`];
  context.findings.error(code, `the file \`${name.text}\` ${read.problem}`, name.span, help);
  return undefined;
}

/** What a path that leads to no file was meant to be; `ending` is that of all that may be meant. */
export function suggestFile(path: string, absolute: string, ending?: RegExp): string | undefined {
  const nearest = findNearestFile(absolute, ending);
  return nearest && `did you mean \`${join(dirname(path), nearest)}\`?`;
}

function readText(path: string, context: FileContext, what?: 'text' | 'bytes'): { text: string } | { problem: string } {
  try {
    const text = context.readFile(path, what);
    return text === undefined ? { problem: 'does not exist' } : { text };
  } catch (error) {
    return { problem: describeReadError(error).reason };
  }
}
