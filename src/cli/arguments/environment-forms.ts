import { type Command, InvalidArgumentError, type Option } from 'commander';

/** Environment forms of flags, kept here and not by the flags' reader: that one knows only its own process, and takes any text for "on". */
const variables = new WeakMap<Option, string>();

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Gives a flag its environment form: `TESTMESH_` and its name. */
export function withEnvironment(option: Option): Option {
  variables.set(option, `TESTMESH_${option.name().replaceAll('-', '_').toUpperCase()}`);
  return option;
}

/** The variable that stands for a flag; undefined when there is none. */
export function findVariable(option: Option): string | undefined {
  return variables.get(option);
}

/** Sets the flags that the words of the command left out and the environment gives; an empty variable gives nothing. */
export function applyEnvironment(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  for (const option of command.options) {
    const variable = variables.get(option);
    const text = variable === undefined ? undefined : env[variable];
    const key = option.attributeName();
    if (!text || command.getOptionValueSource(key) === 'cli') continue;
    try {
      command.setOptionValueWithSource(key, readValue(option, text), 'env');
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      command.error(
        `error: option '${option.flags}' value '${text}' from env '${variable}' is invalid. ${error.message}`,
      );
    }
  }
}

function readValue(option: Option, text: string): unknown {
  if (!option.isBoolean()) return option.parseArg ? option.parseArg(text, undefined) : text;
  const value = BOOLEANS.get(text.toLowerCase());
  if (value === undefined) throw new InvalidArgumentError('expected `true`, `false`, `1` or `0`');
  return value;
}
