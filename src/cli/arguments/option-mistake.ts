import type { Option } from 'commander';
import { countOf } from '../../util/count.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { suggestForCommand, suggestForFlag } from './foreign-flags.ts';

/** What was written, and the flags that could have been. */
export interface Written {
  readonly words: readonly string[];
  readonly options: readonly Option[];
}

/** What the reader of the command line says of a mistake, in our words: a sentence, and what to do next. */
export function describeOptionMistake(text: string, helpCommand: string, written: Written): string {
  const mistake = text.replace(/^error: /, '').trim();
  const said =
    describeValue(mistake) ??
    describeMissing(mistake) ??
    describeArgument(mistake) ??
    describeSwitch(mistake, written) ??
    describeUnknown(mistake, helpCommand);
  const { message, help: own } = said ?? { message: mistake, help: [] };
  const meant = suggestVerify(helpCommand, written.words);
  const help = meant === undefined ? own : [meant];
  return [`testmesh: ${message}`, ...[...help, `see ${helpCommand} --help`].map((line) => `  = ${line}`), ''].join(
    '\n',
  );
}

/** `mock verfy stub.yaml`: the word stands where a file may stand. */
function suggestVerify(command: string, words: readonly string[]): string | undefined {
  if (command !== 'testmesh mock') return undefined;
  const word = words[words.indexOf('mock') + 1] ?? '';
  return findNearest(word, ['verify']) && `did you mean \`${command} verify\`?`;
}

interface Said {
  readonly message: string;
  readonly help: readonly string[];
}

/** `option '--seed <n>' argument 'x' is invalid. …`, or `value 'x' from env 'TESTMESH_SEED'`. */
function describeValue(text: string): Said | undefined {
  const pattern = /^option '([^']*)' (?:argument|value) '(.*?)'(?: from env '(\w+)')? is invalid\. (.*)$/s;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, flags = '', value = '', variable, reason = ''] = match;
  const choices = /^Allowed choices are (.*)\.$/.exec(reason)?.[1]?.split(', ');
  const expected = choices ? describeChoices(choices) : reason;
  return {
    message: `${variable ?? nameOf(flags)}: ${expected}, got \`${value}\``,
    help: choices ? suggestChoice(value, choices) : suggestUnit(nameOf(flags), value, reason),
  };
}

function describeChoices(choices: readonly string[]): string {
  return `expected ${choices.length === 1 ? '' : 'one of '}${listNames(choices)}`;
}

function suggestChoice(value: string, choices: readonly string[]): readonly string[] {
  const nearest = findNearest(value, choices);
  return nearest === undefined ? [] : [`did you mean \`${nearest}\`?`];
}

/** `--timeout 30`: a length of time without its unit. */
function suggestUnit(flag: string, value: string, reason: string): readonly string[] {
  const isBare = reason.startsWith('expected a duration') && /^\d+(?:\.\d+)?$/.test(value);
  return isBare ? [`a number has no unit: write \`${flag} ${value}s\`, or \`${value}ms\``] : [];
}

/** `option '--seed <n>' argument missing`. */
function describeMissing(text: string): Said | undefined {
  const flags = /^option '([^']*)' argument missing$/.exec(text)?.[1];
  if (flags === undefined) return undefined;
  return { message: `${nameOf(flags)}: its value is missing`, help: [`write \`${flags.replace(/^-\w, /, '')}\``] };
}

/** `command-argument value 'x' is invalid for argument 'kind'. Allowed choices are flow, project.`, and words too few or too many. */
function describeArgument(text: string): Said | undefined {
  const pattern = /^command-argument value '(.*?)' is invalid for argument '(.*?)'\. Allowed choices are (.*)\.$/s;
  const [, value = '', name, choices] = pattern.exec(text) ?? [];
  if (choices !== undefined) {
    const words = choices.split(', ');
    const message = `\`${name}\`: ${describeChoices(words)}, got \`${value}\``;
    return { message, help: suggestChoice(value, words) };
  }
  const missing = /^missing required argument '(.*)'$/.exec(text)?.[1];
  if (missing !== undefined) return { message: `\`${missing}\` is missing`, help: [] };
  const [, most, got] = /^too many arguments.*\. Expected (\d+) arguments? but got (\d+)\.$/.exec(text) ?? [];
  if (most === undefined) return undefined;
  return {
    message: `expected ${most === '0' ? 'no words' : countOf(Number(most), 'word')} behind the command, got ${got}`,
    help: [],
  };
}

/** `unknown option '--strict=true'`, or `'-=true'` for `-q=true`: a flag that is there or not. */
function describeSwitch(text: string, { words, options }: Written): Said | undefined {
  const word = /^unknown option '(--?[\w-]*=.*?)'(?:\n|$)/s.exec(text)?.[1];
  if (word === undefined) return undefined;
  const at = word.indexOf('=');
  const value = word.slice(at + 1);
  const whole = word.startsWith('-=') ? words.find((one) => /^-\w+=/.test(one) && one.endsWith(word.slice(1))) : word;
  const flag = word.startsWith('-=') ? `-${whole?.charAt(whole.indexOf('=') - 1)}` : word.slice(0, at);
  if (!options.some((option) => option.isBoolean() && (option.short === flag || option.long === flag)))
    return undefined;
  const isOff = /^(?:false|no|off|0)$/i.test(value);
  return { message: `\`${flag}\` takes no value`, help: [isOff ? 'leave it out' : `write \`${flag}\` alone`] };
}

/** `unknown option '--onyl'`, with `(Did you mean --only?)` on the next line. */
function describeUnknown(text: string, command: string): Said | undefined {
  const match = /^unknown (option|command) '([^']*)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/.exec(text);
  if (!match) return undefined;
  const [, kind, word = '', nearest] = match;
  // What stands behind a misspelt `--secret=` is nobody's to read.
  const name = word.replace(/=.*$/s, '');
  const message = `unknown ${kind === 'option' ? 'flag' : 'command'} \`${name}\``;
  const foreign = kind === 'option' ? suggestForFlag(name, command) : suggestForCommand(name);
  if (foreign !== undefined) return { message, help: [foreign] };
  return { message, help: nearest ? [`did you mean ${nearest.replaceAll(/[^, ]+/g, '`$&`')}?`] : [] };
}

function nameOf(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}
