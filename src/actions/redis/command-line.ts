import type { Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { ConfigFinding } from '../../model/action/settings.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';
import { findRefusal } from './refused-commands.ts';
import { writeValue } from './write-value.ts';

const WORD = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;
/** Commands that only look, so that nothing is judged without an assertion. */
const LOOKING = new Set(
  `BITCOUNT DBSIZE EXISTS GET GETRANGE HEXISTS HGET HGETALL HKEYS HLEN HMGET HVALS INFO KEYS LINDEX LLEN LRANGE MGET OBJECT
  PFCOUNT PING PTTL SCAN SCARD SISMEMBER SMEMBERS STRLEN TTL TYPE XLEN XRANGE ZCARD ZCOUNT ZRANGE ZRANK ZSCORE`.split(
    /\s+/,
  ),
);

/** The words of a command: a list as it is, a text with `args` as its name, else a line as for redis-cli. @throws ActionError */
export function readCommand(command: string | readonly Value[], args: readonly Value[]): readonly string[] {
  const words = readWords(command, args);
  const refusal = findRefusal(words);
  if (!refusal) return words;
  const { name, why, help } = refusal;
  throw new ActionError({
    kind: 'authoring',
    code: 'TM364',
    message: `\`${name}\` cannot be a step: ${why}`,
    hints: [help],
  });
}

function readWords(command: string | readonly Value[], args: readonly Value[]): readonly string[] {
  if (typeof command !== 'string') return [...command, ...args].map((word) => writeValue(word, 'command'));
  const words = args.length > 0 ? [command.trim()] : splitLine(command);
  if (words !== undefined && words.length > 0 && words[0] !== '')
    return [...words, ...args.map((word) => writeValue(word, 'args'))];
  const message = words === undefined ? '`command` has a quote that is not closed' : '`command` is empty';
  throw new ActionError({
    kind: 'authoring',
    code: 'TM362',
    message,
    hints: ['write it as a list: `[HGET, key, field]`'],
  });
}

/** A line with placeholders is split after they are filled in: a value with a blank would be two words. */
export function checkCommand(authored: unknown): readonly ConfigFinding[] {
  const command = isRecord(authored) ? authored['command'] : undefined;
  const refusal = findRefusal(readFirstWords(authored));
  if (refusal) {
    const message = `\`${refusal.name}\` cannot be a step: ${refusal.why}`;
    return [{ severity: 'error', code: 'TM364', path: ['command'], message, help: [refusal.help] }];
  }
  if (typeof command !== 'string' || !hasPlaceholder(command) || !/\s/.test(command.replaceAll(/\{\{.*?\}\}/g, '')))
    return [];
  const message = '`command`: a value with a space in it would become two words';
  const help = ['write a list, which keeps each value whole: `command: [HGET, "{{key}}", field]`'];
  return [{ severity: 'warning', code: 'TM363', path: ['command'], message, help }];
}

/** Whether the command, as authored, only looks. */
export function isLooking(authored: unknown): boolean {
  return LOOKING.has(readFirstWords(authored)[0]?.toUpperCase() ?? '');
}

/** The words of a command as authored, as far as they are texts. */
function readFirstWords(authored: unknown): readonly string[] {
  const { command, args } = isRecord(authored) ? authored : {};
  const line = typeof command === 'string' ? command.trim().split(/\s+/) : command;
  return [line, args].flatMap((list) => (Array.isArray(list) ? list : [])).map((word) => String(word));
}

function splitLine(line: string): readonly string[] | undefined {
  const words: string[] = [];
  const text = line.trimEnd();
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text);
    if (!match) return undefined;
    words.push(match[1]?.replaceAll(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? '');
  }
  return words;
}
