import { stripVTControlCharacters } from 'node:util';
import { evaluateCommand } from './commands/eval-command.ts';
import { explainCode } from './commands/explain-command.ts';
import { formatBug, runCommand } from './commands/run-command.ts';
import { validateFlows } from './commands/validate-command.ts';
import { mockCommand } from './mock/mock-command.ts';
import { verifyCommand } from './mock/verify-command.ts';
import type { CommandAbout, Terminal } from './process/terminal.ts';
import { describeUsage, EXIT, UsageError } from './process/usage-error.ts';
import { runProgram } from './program/program.ts';

/** Mistakes are told before a run begins, in few texts. */
const MOST_SAID = 1000;

/** The whole command: words to exit code, with all output written. */
export async function main(words: readonly string[], about: { terminal: Terminal; version: string }): Promise<number> {
  const { terminal } = about;
  const exitCode = await callProgram(words, about);
  try {
    await terminal.flush();
    return exitCode;
  } catch (error) {
    terminal.writeError(`testmesh: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCode === EXIT.passed || exitCode === EXIT.nothingMatched ? EXIT.errored : exitCode;
  }
}

async function callProgram(words: readonly string[], given: CommandAbout): Promise<number> {
  const { said, terminal } = listen(given.terminal);
  let hasStarted = false;
  const onStart = (): void => {
    hasStarted = true;
  };
  const exitCode = await callCommand(words, { ...given, terminal, onStart });
  if (exitCode === EXIT.passed || hasStarted) return exitCode;
  const { refuseReports } = await import('./output/refuse-reports.ts');
  await refuseReports(words, said(), given.terminal);
  return exitCode;
}

/** Keeps what is said on standard error, without its colours. */
function listen(terminal: Terminal): { terminal: Terminal; said(): string } {
  const texts: string[] = [];
  const writeError = (text: string): void => {
    if (texts.length < MOST_SAID) texts.push(text);
    terminal.writeError(text);
  };
  return {
    terminal: Object.create(terminal, { writeError: { value: writeError } }) as Terminal,
    said: () => stripVTControlCharacters(texts.join('')),
  };
}

async function callCommand(words: readonly string[], about: CommandAbout): Promise<number> {
  const { terminal, version } = about;
  try {
    return await runProgram(words, {
      version,
      terminal,
      handlers: {
        run: async (paths, flags) => {
          const isDebugged = flags.debug || flags.break.length > 0;
          if (isDebugged) return (await import('./debug/debug-command.ts')).debugCommand(paths, flags, about);
          if (flags.watch) return (await import('./watch/watch-command.ts')).watchCommand(paths, flags, about);
          if (flags.emit === undefined) return runCommand(paths, flags, about);
          return (await import('./commands/emit-run-command.ts')).emitRunCommand(paths, flags, about);
        },
        validate: (paths, flags) => validateFlows(paths, flags, about),
        list: async (paths, flags) => (await import('./commands/list-command.ts')).listFlows(paths, flags, terminal),
        evaluate: (expression, flags) => evaluateCommand(expression, flags, terminal),
        mock: (file, flags) => mockCommand(file, flags, about),
        verify: (file, flags) => verifyCommand(file, flags, about),
        up: async (names, flags) => (await import('./up/up-command.ts')).upCommand(names, flags, about),
        load: async (paths, flags) => (await import('./load/load-command.ts')).loadCommand(paths, flags, about),
        report: async (record, flags) =>
          (await import('./reports/report-command.ts')).reportCommand(record, flags, about),
        mergeReports: async (paths, flags) =>
          (await import('./reports/merge-command.ts')).mergeCommand(paths, flags, about),
        explain: (code, flags) => explainCode(code, flags, terminal),
        schema: async (kind) => (await import('./commands/schema-command.ts')).printSchema(kind, terminal),
        format: async (paths, flags) =>
          (await import('./commands/format-command.ts')).formatFiles(paths, flags, terminal),
        newFlow: async (words, flags) => (await import('./authoring/new-command.ts')).newFlow(words, flags, about),
        doctor: async (paths, flags) => (await import('./doctor/doctor-command.ts')).doctorCommand(paths, flags, about),
        initProject: async (folder, flags) =>
          (await import('./authoring/init-command.ts')).initProject(folder, flags, terminal),
        completion: async (request) =>
          (await import('./completion/completion-command.ts')).completeWords(request, terminal),
      },
    });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.writeError(describeUsage(error));
      return error.exitCode;
    }
    terminal.writeError(formatBug(error));
    return EXIT.bug;
  }
}
