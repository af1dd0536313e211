import type { Command, Option } from 'commander';
import { findVariable } from '../arguments/environment-forms.ts';
import { describeOptionMistake } from '../arguments/option-mistake.ts';
import type { Terminal } from '../process/terminal.ts';

/** The words of the command line, and where a mistake in them is told. */
export interface Heard {
  readonly words: readonly string[];
  readonly terminal: Terminal;
}

/** Gives a command our ways of help and of telling mistakes. */
export function configure(command: Command, { words, terminal }: Heard): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({
      helpWidth: Math.min(terminal.columns ?? 110, 130),
      optionTerm: nameOption,
      optionDescription: describeOption,
    })
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.writeError(text),
      outputError: (text, write) => {
        const options = command.createHelp().visibleOptions(command);
        write(describeOptionMistake(text, nameCommand(command), { words, options }));
      },
    });
}

/** `testmesh mock verify`. */
function nameCommand(command: Command): string {
  return command.parent ? `${nameCommand(command.parent)} ${command.name()}` : command.name();
}

/** A value that may be left out stands behind `=`. */
function nameOption({ flags, optional }: Option): string {
  return optional ? flags.replace(' [', '[=') : flags;
}

/** What a flag does, and what else it could be: a flag that is off by default needs no words for that. */
function describeOption(option: Option): string {
  const { description, argChoices, defaultValue, defaultValueDescription } = option;
  const variable = findVariable(option);
  const hasDefault = defaultValue !== undefined && !option.isBoolean();
  const facts = [
    ...(argChoices ? [`choices: ${argChoices.join(', ')}`] : []),
    ...(hasDefault ? [`default: ${defaultValueDescription ?? String(defaultValue)}`] : []),
    ...(variable === undefined ? [] : [`env: ${variable}`]),
  ];
  return facts.length === 0 ? description : `${description} (${facts.join(', ')})`;
}
