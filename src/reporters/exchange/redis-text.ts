import { formatValue, type Value } from '../../expr/index.ts';
import type { RedisExchange, RedisServer } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { ExchangeText } from './exchange-text.ts';

/** A command and its answer. */
export function writeRedis({ server, command, reply }: RedisExchange): ExchangeText {
  return {
    sent: `${command.map(quoteWord).join(' ')}\nat ${server.name}`,
    receivedBody: reply === undefined ? undefined : showReply(reply),
    byHand: writeRedisCli(server, command),
  };
}

function showReply(reply: Value): string {
  return typeof reply === 'string' ? reply : formatValue(reply, Number.POSITIVE_INFINITY);
}

function quoteWord(word: string): string {
  return /^[^\s"']+$/.test(word) ? word : JSON.stringify(word);
}

/** A redis-cli command that does the same; the password is left for redis-cli to ask for. */
function writeRedisCli(
  { host, port, user, hasPassword, database, isTls }: RedisServer,
  command: readonly string[],
): string {
  const words = [
    ...['redis-cli', '-h', host, '-p', String(port)],
    ...(database === 0 ? [] : ['-n', String(database)]),
    ...(user === '' ? [] : ['--user', user]),
    ...(hasPassword ? ['--askpass'] : []),
    ...(isTls ? ['--tls'] : []),
    ...command,
  ];
  return words.map(quoteShell).join(' ');
}
