import type { ReporterOptions } from './options.ts';

/** Gives what writes how a report begins, the first time that it is called. */
export function beginOnce({ write }: Pick<ReporterOptions, 'write'>, render: () => string): () => void {
  let hasBegun = false;
  return () => {
    if (hasBegun) return;
    hasBegun = true;
    write(render());
  };
}
