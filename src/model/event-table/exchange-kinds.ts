import type {
  Exchange,
  Header,
  HttpExchange,
  HttpPart,
  HttpParts,
  HttpProxyUse,
  HttpReceived,
  HttpSent,
  HttpText,
  HttpTimings,
  HttpTls,
  HttpWay,
  KafkaAwaited,
  KafkaCluster,
  KafkaExchange,
  KafkaMessage,
  KafkaPlace,
  KafkaSent,
  KafkaSentMessage,
  KafkaStart,
  RedisExchange,
  RedisServer,
  SqlCondition,
  SqlDatabase,
  SqlExchange,
  SqlParameter,
  SqlReads,
  SqlReceived,
  SqlSent,
} from '../exchange.ts';
import type { Since } from '../since.ts';
import {
  choice,
  constant,
  fields,
  flag,
  id,
  integer,
  type Kind,
  list,
  number,
  optional,
  optionalData,
  record,
  text,
  value,
  word,
} from './kinds.ts';

/** Rows and messages beyond these are for nobody to read. */
const MAX_ROWS = 500;

const header = record<Header>('header', { name: text(), value: text(), scheme: optional(text()) });

const httpBody = choice<HttpText | HttpParts, 'kind'>('kind', {
  text: record<HttpText>('http_text', { kind: constant('text'), text: text() }),
  parts: record<HttpParts>('http_parts', {
    kind: constant('parts'),
    boundary: text(),
    parts: list(
      record<HttpPart>('http_part', {
        name: text(),
        filename: optional(text()),
        type: optional(text()),
        text: optional(text()),
        file: optional(text()),
        size: integer(),
      }),
    ),
  }),
});

const httpWay = record<HttpWay>('http_way', {
  isMoved: optional(flag()),
  isHttp2: optional(flag()),
  tls: optional(
    record<HttpTls>('http_tls', {
      ca: optional(text()),
      cert: optional(text()),
      key: optional(text()),
      isInsecure: optional(flag()),
    }),
  ),
  proxy: optional(
    record<HttpProxyUse>('http_proxy', { url: text(), user: optional(text()), isForced: optional(flag()) }),
  ),
  isDirect: optional(flag()),
});

const http = record<HttpExchange>('http_exchange', {
  protocol: constant('http'),
  request: record<HttpSent>('http_request', {
    method: text(),
    url: text(),
    headers: list(header),
    body: optional(httpBody),
  }),
  response: optional(
    record<HttpReceived>('http_response', {
      status: integer(),
      headers: list(header),
      contentType: optional(text()),
      body: optional(text()),
      size: integer(),
      timings: record<HttpTimings>('http_timings', {
        dnsMs: number(),
        connectMs: number(),
        tlsMs: number(),
        waitMs: number(),
        receiveMs: number(),
        totalMs: number(),
      }),
    }),
  ),
  way: httpWay,
});

const sql = record<SqlExchange>('sql_exchange', {
  protocol: constant('sql'),
  database: record<SqlDatabase>('sql_database', {
    dialect: word({ postgres: true, mysql: true }),
    name: text(),
    host: text(),
    port: integer(),
    socket: optional(text()),
    database: text(),
    user: text(),
    hasPassword: flag(),
    tls: id(),
    ca: optional(text()),
  }),
  query: text(),
  statements: list(
    record<SqlSent>('sql_statement', {
      text: text(),
      parameters: list(
        record<SqlParameter>('sql_parameter', { name: optional(text()), value: value('name'), literal: text() }),
      ),
      reads: optional(
        record<SqlReads>('sql_reads', {
          table: text(),
          columns: optional(list(text())),
          where: list(record<SqlCondition>('sql_condition', { column: text(), value: value('column') })),
        }),
      ),
    }),
  ),
  response: optional(
    record<SqlReceived>('sql_response', {
      summary: text(),
      columns: list(text()),
      rows: optionalData(list(fields(), MAX_ROWS)),
      rowCount: integer(),
      changed: optional(integer()),
    }),
  ),
});

const since = choice<Since, 'kind'>('kind', {
  flow: record('since_flow', { kind: constant('flow') }),
  now: record('since_now', { kind: constant('now') }),
  earliest: record('since_earliest', { kind: constant('earliest') }),
  step: record('since_step', { kind: constant('step'), id: id() }),
  ago: record('since_ago', { kind: constant('ago'), ms: number() }),
  time: record('since_time', { kind: constant('time'), ms: number() }),
});

const kafkaPlace = record<KafkaPlace>('kafka_place', { partition: integer(), offset: optional(value()) });

const kafkaMessage = record<KafkaMessage>('kafka_message', {
  topic: text(),
  partition: integer(),
  offset: value(),
  key: value(),
  value: value(),
  headers: fields(),
  timestamp: value(),
  json: value(),
});

const kafkaSentMessage = record<KafkaSentMessage>('kafka_sent_message', {
  partition: optional(integer()),
  key: optional(text()),
  headers: list(header),
  value: optional(text()),
});

const kafkaSent = record<KafkaSent>('kafka_sent', {
  topic: text(),
  count: integer(),
  messages: optionalData(list(kafkaSentMessage, MAX_ROWS)),
  written: list(kafkaPlace, MAX_ROWS),
});

const kafkaAwaited = record<KafkaAwaited>('kafka_awaited', {
  since,
  topics: list(
    record<KafkaStart>('kafka_start', {
      topic: text(),
      atMs: number(),
      places: list(
        record<KafkaStart['places'][number]>('kafka_start_place', { partition: integer(), offset: value() }),
      ),
    }),
  ),
  match: optionalData(fields()),
  count: integer(),
  messages: optionalData(list(kafkaMessage, MAX_ROWS)),
  seen: integer(),
});

const kafka = record<KafkaExchange>('kafka_exchange', {
  protocol: constant('kafka'),
  cluster: record<KafkaCluster>('kafka_cluster', {
    brokers: list(text()),
    sasl: optional(record<NonNullable<KafkaCluster['sasl']>>('kafka_sasl', { mechanism: text(), user: text() })),
    tls: optional(
      record<NonNullable<KafkaCluster['tls']>>('kafka_tls', { ca: optional(text()), isInsecure: optional(flag()) }),
    ),
  }),
  sent: optional(kafkaSent),
  awaited: optional(kafkaAwaited),
});

const redis = record<RedisExchange>('redis_exchange', {
  protocol: constant('redis'),
  server: record<RedisServer>('redis_server', {
    name: text(),
    host: text(),
    port: integer(),
    database: integer(),
    user: text(),
    hasPassword: flag(),
    isTls: flag(),
  }),
  command: list(text()),
  reply: optional(value()),
});

export const exchange: Kind<Exchange> = choice<Exchange, 'protocol'>('protocol', { http, sql, kafka, redis });
