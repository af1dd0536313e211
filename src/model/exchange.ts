import type { Value } from '../expr/index.ts';
import type { Since } from './since.ts';

/**
 * What went over the wire, as data: reports write their texts from it, and cut them; the hub masks it as a whole. It holds no password of
 * an address, only whether there is one.
 */
export type Exchange = HttpExchange | SqlExchange | KafkaExchange | RedisExchange;

export interface HttpExchange {
  readonly protocol: 'http';
  readonly request: HttpSent;
  /** Absent when none came. */
  readonly response?: HttpReceived | undefined;
  readonly way: HttpWay;
}

export interface HttpSent {
  readonly method: string;
  readonly url: string;
  /** In the order sent. */
  readonly headers: readonly Header[];
  readonly body?: HttpText | HttpParts | undefined;
}

export interface Header {
  readonly name: string;
  readonly value: string;
  /** Of a credential, whose value says only how it can be told from others: `Bearer`; empty when it has none. */
  readonly scheme?: string | undefined;
}

export interface HttpText {
  readonly kind: 'text';
  readonly text: string;
}

/** A multipart body. */
export interface HttpParts {
  readonly kind: 'parts';
  readonly boundary: string;
  readonly parts: readonly HttpPart[];
}

export interface HttpPart {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly type?: string | undefined;
  /** Of a part that is not a file. */
  readonly text?: string | undefined;
  /** Absolute path of the file that it was read from. */
  readonly file?: string | undefined;
  /** Bytes. */
  readonly size: number;
}

export interface HttpReceived {
  readonly status: number;
  readonly headers: readonly Header[];
  /** Without its parameters. */
  readonly contentType?: string | undefined;
  /** Unpacked; absent when empty. */
  readonly body?: string | undefined;
  /** Bytes as they came. */
  readonly size: number;
  readonly timings: HttpTimings;
}

/** Lengths in ms; those of a connection that was open already are 0. */
export interface HttpTimings {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly waitMs: number;
  readonly receiveMs: number;
  /** From the handing over of the request to the last byte of its answer, of several their sum. */
  readonly totalMs: number;
}

/** How a server was reached, as far as it is not a matter of course. */
export interface HttpWay {
  /** Whether redirects were followed. */
  readonly isMoved?: boolean | undefined;
  readonly isHttp2?: boolean | undefined;
  readonly tls?: HttpTls | undefined;
  readonly proxy?: HttpProxyUse | undefined;
  /** Whether a proxy that the environment names was passed by. */
  readonly isDirect?: boolean | undefined;
}

/** Absolute paths of PEM files. */
export interface HttpTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly isInsecure?: boolean | undefined;
}

export interface HttpProxyUse {
  /** Without user and password. */
  readonly url: string;
  readonly user?: string | undefined;
  /** Whether it is for every address, whatever the environment says. */
  readonly isForced?: boolean | undefined;
}

export interface SqlExchange {
  readonly protocol: 'sql';
  readonly database: SqlDatabase;
  /** As authored; its statements one by one are in `statements`. */
  readonly query: string;
  readonly statements: readonly SqlSent[];
  readonly response?: SqlReceived | undefined;
}

export interface SqlDatabase {
  readonly dialect: 'postgres' | 'mysql';
  /** `localhost:5432/orders`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Path of a Unix socket, instead of host and port. */
  readonly socket?: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly hasPassword: boolean;
  /** `disable`, `require`, `verify-full`, … */
  readonly tls: string;
  /** The file of the authority. */
  readonly ca?: string | undefined;
}

/** One statement, with what is bound to its parameters. */
export interface SqlSent {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
  /** Of a plain SELECT of one table. */
  readonly reads?: SqlReads | undefined;
}

/** What a SELECT reads of its one table, as far as its text says. */
export interface SqlReads {
  /** As it is written, without quotes: `shop.orders`. */
  readonly table: string;
  /** The columns that a row has as the table has them, under their own names; absent: all. */
  readonly columns?: readonly string[] | undefined;
  /** Columns that are equal to a bound value in each row. */
  readonly where: readonly SqlCondition[];
}

/** `column = $1` */
export interface SqlCondition {
  readonly column: string;
  readonly value: Value;
}

export interface SqlParameter {
  /** What it is called in a map of `params`. */
  readonly name?: string | undefined;
  readonly value: Value;
  /** The same written into SQL. */
  readonly literal: string;
}

/** The rows of the last statement, the changed rows of all. */
export interface SqlReceived {
  /** `2 rows affected`. */
  readonly summary: string;
  readonly columns: readonly string[];
  /** Absent where they were too large to be kept. */
  readonly rows?: readonly Readonly<Record<string, Value>>[] | undefined;
  readonly rowCount: number;
  /** Absent where the server does not say it. */
  readonly changed?: number | undefined;
}

export interface KafkaExchange {
  readonly protocol: 'kafka';
  readonly cluster: KafkaCluster;
  readonly sent?: KafkaSent | undefined;
  readonly awaited?: KafkaAwaited | undefined;
}

export interface KafkaCluster {
  /** `localhost:9092`. */
  readonly brokers: readonly string[];
  readonly sasl?: { readonly mechanism: string; readonly user: string } | undefined;
  readonly tls?: { readonly ca?: string | undefined; readonly isInsecure?: boolean | undefined } | undefined;
}

export interface KafkaSent {
  readonly topic: string;
  readonly count: number;
  /** Absent where they were too large to be kept. */
  readonly messages?: readonly KafkaSentMessage[] | undefined;
  /** In the order of the messages; empty when none was written. */
  readonly written: readonly KafkaPlace[];
}

export interface KafkaSentMessage {
  /** The one that was asked for. */
  readonly partition?: number | undefined;
  readonly key?: string | undefined;
  readonly headers: readonly Header[];
  /** Absent for a tombstone. */
  readonly value?: string | undefined;
}

export interface KafkaPlace {
  readonly partition: number;
  /** Absent when the broker was not asked. */
  readonly offset?: Value | undefined;
}

export interface KafkaAwaited {
  readonly since: Since;
  readonly topics: readonly KafkaStart[];
  readonly match?: Readonly<Record<string, Value>> | undefined;
  /** How many matched. */
  readonly count: number;
  /** Those that matched; absent where they were too large to be kept. */
  readonly messages?: readonly KafkaMessage[] | undefined;
  /** How many went by. */
  readonly seen: number;
}

/** Where reading of a topic began. */
export interface KafkaStart {
  readonly topic: string;
  /** ms since 1970. */
  readonly atMs: number;
  readonly places: readonly { readonly partition: number; readonly offset: Value }[];
}

/** A message as flows see it. */
export interface KafkaMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: Value;
  readonly key: Value;
  readonly value: Value;
  readonly headers: Readonly<Record<string, Value>>;
  /** ISO 8601; nil when the producer gave none. */
  readonly timestamp: Value;
  /** The value of any JSON text; nil otherwise. */
  readonly json: Value;
}

export interface RedisExchange {
  readonly protocol: 'redis';
  readonly server: RedisServer;
  readonly command: readonly string[];
  /** Absent when none came. */
  readonly reply?: Value | undefined;
}

export interface RedisServer {
  /** `localhost:6379/2`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  /** Empty when none is named. */
  readonly user: string;
  readonly hasPassword: boolean;
  readonly isTls: boolean;
}
