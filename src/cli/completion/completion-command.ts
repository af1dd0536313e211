import type { Argument, Command, Option } from 'commander';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { type Candidate, FLAG_VALUES, listValues, OPERAND_VALUES, type TypedAt } from './known-values.ts';
import { SHELL_SCRIPTS, type Shell } from './shell-scripts.ts';

/** What the shell asks: the words typed behind `testmesh`, of which the last is not whole yet; none: its script. */
export interface CompletionRequest {
  readonly shell: Shell;
  readonly words: readonly string[];
  readonly program: Command;
}

/** Prints what a shell reads once, or what may stand in the place of the last word, a line each. */
export async function completeWords(request: CompletionRequest, terminal: Terminal): Promise<number> {
  const { shell, words, program } = request;
  if (words.length === 0) {
    terminal.write(SHELL_SCRIPTS[shell]);
    return EXIT.passed;
  }
  const candidates = await listCandidates(words, program, terminal.cwd);
  terminal.write(candidates.map(({ value, description }) => `${value}\t${firstLine(description)}\n`).join(''));
  return EXIT.passed;
}

/** What may stand in the place of the last word. */
async function listCandidates(words: readonly string[], program: Command, cwd: string): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? '';
  const { command, operands, waiting } = walk(words.slice(0, -1), program);
  const at = (prefix: string): TypedAt => ({ cwd, operands, prefix });
  if (waiting) return fitting(await listFlagValues(waiting, at(typed)), typed);
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (flag !== undefined && value !== undefined) {
    const option = findOption(flag, command);
    const found = option ? await listFlagValues(option, at(value)) : [];
    return fitting(found, value).map((one) => ({ ...one, value: `${flag}=${one.value}` }));
  }
  if (typed.startsWith('-')) return fitting(listFlags(command), typed);
  const commands = operands.length === 0 ? listCommands(command) : [];
  return fitting([...commands, ...(await listOperands(command, at(typed)))], typed);
}

interface Walked {
  readonly command: Command;
  readonly operands: readonly string[];
  /** The flag whose value comes next. */
  readonly waiting: Option | undefined;
}

/** Follows whole words through the tree of commands. */
function walk(words: readonly string[], program: Command): Walked {
  let command = program;
  let waiting: Option | undefined;
  let operands: string[] = [];
  for (const word of words) {
    if (waiting) {
      waiting = undefined;
      continue;
    }
    const inner = operands.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (word.startsWith('-') && !word.includes('=')) {
      const option = findOption(word, command);
      waiting = option?.required ? option : undefined;
    } else if (inner) command = inner;
    else if (!word.startsWith('-')) operands = [...operands, word];
  }
  return { command, operands, waiting };
}

function findOption(word: string, command: Command): Option | undefined {
  return command.options.find(({ long, short }) => word === long || word === short);
}

async function listFlagValues({ argChoices, long = '' }: Option, at: TypedAt): Promise<readonly Candidate[]> {
  if (argChoices) return argChoices.map((value) => ({ value }));
  const kind = FLAG_VALUES[long.replace('--', '')];
  return kind ? listValues(kind, at) : [];
}

function listFlags(command: Command): readonly Candidate[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap(({ long, description }) => (long ? [{ value: long, description }] : []));
}

function listCommands(command: Command): readonly Candidate[] {
  const commands = command.createHelp().visibleCommands(command);
  return commands.map((one) => ({ value: one.name(), description: one.description() }));
}

async function listOperands(command: Command, at: TypedAt): Promise<readonly Candidate[]> {
  const argument = findArgument(command, at.operands.length);
  if (!argument) return [];
  if (argument.argChoices) return argument.argChoices.map((value) => ({ value }));
  const kind = OPERAND_VALUES[command.name()];
  return kind ? listValues(kind, at) : [];
}

/** The last one takes all words that are left where it takes several. */
function findArgument({ registeredArguments: all }: Command, index: number): Argument | undefined {
  const last = all.at(-1);
  return all[index] ?? (last?.variadic ? last : undefined);
}

function fitting(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}

function firstLine(text = ''): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 80);
}
