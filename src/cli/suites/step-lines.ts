import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Paths, and of which files a step is named by its line. */
export interface PathsWithLines {
  /** Without the lines. */
  readonly paths: readonly string[];
  /** The lines of each file, by its absolute path. */
  readonly lines: ReadonlyMap<string, readonly number[]>;
  /** As they were written. */
  readonly written: readonly string[];
}

/** `flow.yaml:61`, and `flow.yaml:61:11` as failures are shown. */
const WITH_LINE = /^(.+\.ya?ml):(\d+)(?::\d+)?$/is;

/** Takes the lines from paths that name one. */
export function splitLines(paths: readonly string[], cwd: string): PathsWithLines {
  const lines = new Map<string, readonly number[]>();
  const written: string[] = [];
  const plain = paths.map((path) => {
    const [, file, line] = WITH_LINE.exec(path) ?? [];
    const isFile = (name: string): boolean =>
      statSync(resolve(cwd, name), { throwIfNoEntry: false })?.isFile() ?? false;
    if (file === undefined || isFile(path) || !isFile(file)) return path;
    const absolute = resolve(cwd, file);
    lines.set(absolute, [...(lines.get(absolute) ?? []), Number(line)]);
    written.push(path);
    return file;
  });
  return { paths: plain, lines, written };
}
