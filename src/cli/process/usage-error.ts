import { showInvisible } from '../../expr/index.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';

/** A mistake on the command line or in its files: reported in a sentence or two, ends with an exit code. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: number;
  readonly help: readonly string[];

  constructor(message: string, help: readonly string[] = [], exitCode: number = EXIT.usage) {
    super(message);
    this.exitCode = exitCode;
    this.help = help;
  }
}

/** What a script can rely on. */
export const EXIT = {
  passed: 0,
  failed: 1,
  usage: 2,
  errored: 3,
  nothingMatched: 4,
  bug: 70,
  /** A threshold of a load is crossed, or a check failed that none judges. */
  crossed: 99,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** What the command says of it. */
export function describeUsage({ message, help }: UsageError): string {
  const lines = [`testmesh: ${showInvisible(message)}`, ...help.map((line) => `  = ${showInvisible(line)}`)];
  return lines.map((line) => `${hideWorkflowCommands(line)}\n`).join('');
}
