import type { Exchange } from '../../model/exchange.ts';
import type { ExchangeText } from './exchange-text.ts';
import { writeHttp } from './http-text.ts';
import { writeKafka } from './kafka-text.ts';
import { writeRedis } from './redis-text.ts';
import { writeSql } from './sql-text.ts';

/** Writes an exchange for people; nothing is cut. */
export function writeExchange(exchange: Exchange): ExchangeText {
  switch (exchange.protocol) {
    case 'http':
      return writeHttp(exchange);
    case 'sql':
      return writeSql(exchange);
    case 'kafka':
      return writeKafka(exchange);
    case 'redis':
      return writeRedis(exchange);
    default:
      return exchange satisfies never;
  }
}

/** Whether it is a wait that nothing satisfied: a failure says that by itself. */
export function saysNothingCame(exchange: Exchange): boolean {
  return exchange.protocol === 'kafka' && exchange.awaited?.count === 0;
}
