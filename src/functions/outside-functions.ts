import type { FunctionDef } from '../expr/index.ts';
import { argumentError, takeText } from './arguments.ts';
import { requireService } from './flow-host.ts';

/** What functions read from outside the flow. */
export const outsideFunctions: readonly FunctionDef[] = [
  {
    name: 'env',
    minArgs: 1,
    maxArgs: 2,
    pure: false,
    summary: 'a variable of the process environment, or the second argument when it is not set',
    call(args, host) {
      const name = takeText({ name: 'env', args });
      const value = requireService(host, 'readEnv', 'env').readEnv(name);
      if (value !== undefined) return value;
      if (args.length > 1) return args[1] ?? null;
      throw argumentError(
        `the environment has no variable \`${name}\``,
        `set it, or give a value for when it is not set: \`env("${name}", "…")\``,
      );
    },
  },
  {
    name: 'file',
    minArgs: 1,
    maxArgs: 1,
    pure: false,
    summary: "the text of a file, relative to the flow's folder",
    call(args, host) {
      const path = takeText({ name: 'file', args });
      const services = requireService(host, 'readFile', 'file');
      try {
        return services.readFile(path);
      } catch (error) {
        throw argumentError(
          `\`${path}\` cannot be read: ${describe(error)}`,
          "the path is relative to the flow's folder",
        );
      }
    },
  },
];

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
