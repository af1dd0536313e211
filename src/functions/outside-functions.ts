import { createOutsideError, type FunctionDef } from '../expr/index.ts';
import { takeText } from './arguments.ts';
import { requireService } from './flow-host.ts';
import { readFlowFile } from './read-flow-file.ts';

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
      throw createOutsideError(
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
    call: (args, host) => readFlowFile(takeText({ name: 'file', args }), host, 'file'),
  },
];
