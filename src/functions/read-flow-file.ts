import { createOutsideError, type Host } from '../expr/index.ts';
import { requireService } from './flow-host.ts';

/** The text of a file that an expression names. @throws ExprError that says why it cannot be read */
export function readFlowFile(path: string, host: Host, caller: string): string {
  const services = requireService(host, 'readFile', caller);
  try {
    return services.readFile(path);
  } catch (error) {
    throw createOutsideError(
      `\`${path}\` cannot be read: ${describe(error)}`,
      "the path is relative to the flow's folder",
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
