import type { TlsParts } from '../../../drivers/tls.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import { decodePart, type OutputAddress, readAddress } from '../send/address.ts';
import { OutputOptions } from '../send/options.ts';
import { readOutputTls } from '../send/output-tls.ts';
import { describeBasic } from '../send/poster.ts';
import type { TagAsField } from './lines.ts';

/** Where and how points are written. */
export interface InfluxSettings {
  readonly address: OutputAddress;
  readonly tls: TlsParts | undefined;
  readonly concurrency: number;
  readonly tagsAsFields: readonly TagAsField[];
  /** An `authorization` header. */
  readonly authorization: string | undefined;
  /** Path and query of writes. */
  readonly writePath: string;
  /** The database, or the bucket of version 2. */
  readonly target: string;
  /** Path and body that make the database; undefined where nobody makes one that way. */
  readonly create: { readonly path: string; readonly body: string } | undefined;
}

const NAME = 'influxdb';
const EXAMPLE = 'http://localhost:8086/k6';
const FIELD_TYPES = ['string', 'int', 'float', 'bool'] as const;

/**
 * Reads `http://user:password@host:8086/db?…` and k6's variables. With a token it is version 2, whose bucket stands where the
 * database would. @throws OutputMistake
 */
export function readInfluxSettings(text: string, { cwd, env }: Pick<OutputWorld, 'cwd' | 'env'>): InfluxSettings {
  const address = readAddress(NAME, text === '' ? (env['K6_INFLUXDB_ADDR'] ?? 'http://localhost:8086') : text, EXAMPLE);
  const options = new OutputOptions({ output: NAME, inAddress: address.options, env });
  const token = options.text('token', 'K6_INFLUXDB_TOKEN');
  const [user, password] = options.login(address, 'K6_INFLUXDB_USERNAME', 'K6_INFLUXDB_PASSWORD');
  const where = token === undefined ? readDatabase(address, options) : readBucket(address, options);
  const settings: InfluxSettings = {
    ...where,
    address,
    tls: readOutputTls(options, { insecure: ['insecure', 'K6_INFLUXDB_INSECURE'] }, { output: NAME, cwd }),
    concurrency: options.count('concurrentWrites', 'K6_INFLUXDB_CONCURRENT_WRITES') ?? 4,
    tagsAsFields: (options.list('tagsAsFields', 'K6_INFLUXDB_TAGS_AS_FIELDS') ?? ['vu:int', 'iter:int', 'url']).map(
      readTag,
    ),
    authorization: token === undefined ? user && describeBasic(user, password) : `Token ${token}`,
  };
  const precision = options.text('precision', 'K6_INFLUXDB_PRECISION');
  if (precision !== undefined && !['ns', 'n'].includes(precision))
    throw new OutputMistake(`--out ${NAME}: the precision is \`${precision}\`: expected ns`, [
      'of points with the same tags and time InfluxDB keeps one: any other precision would lose some',
    ]);
  // A push a second is the measuring's own.
  options.durationMs('pushInterval', 'K6_INFLUXDB_PUSH_INTERVAL');
  options.variable('K6_INFLUXDB_ADDR');
  options.variable('K6_INFLUXDB_DB');
  // Says how long a packet of UDP is.
  options.variable('K6_INFLUXDB_PAYLOAD_SIZE');
  options.finish('K6_INFLUXDB_');
  return settings;
}

type Where = Pick<InfluxSettings, 'writePath' | 'target' | 'create'>;

function readDatabase({ path, origin, peer }: OutputAddress, options: OutputOptions): Where {
  // As with k6 the last part is the database, and what is before it the way to a server behind a proxy.
  const [, prefix = '', named = ''] = /^(.*?)\/?([^/]*)$/.exec(path) ?? [];
  const target = decodePart(named) || options.variable('K6_INFLUXDB_DB') || 'k6';
  if (/[\n"\\]/.test(target))
    throw new OutputMistake(`--out ${NAME}: the database of ${origin} has a name that InfluxDB does not take`, [
      `for example --out ${NAME}=http://${peer}/k6`,
    ]);
  const query = new URLSearchParams({ db: target, precision: 'ns' });
  const retention = options.text('retention', 'K6_INFLUXDB_RETENTION');
  const consistency = options.oneOf(['any', 'one', 'quorum', 'all'], 'consistency', 'K6_INFLUXDB_CONSISTENCY');
  if (retention !== undefined) query.set('rp', retention);
  if (consistency !== undefined) query.set('consistency', consistency);
  const body = new URLSearchParams({ q: `CREATE DATABASE "${target}"` }).toString();
  return { target, writePath: `${prefix}/write?${query}`, create: { path: `${prefix}/query`, body } };
}

function readBucket({ path }: OutputAddress, options: OutputOptions): Where {
  const org = options.text('org', 'K6_INFLUXDB_ORGANIZATION');
  const named = path === '' ? undefined : decodePart(path.slice(path.lastIndexOf('/') + 1));
  const bucket = options.text('bucket', 'K6_INFLUXDB_BUCKET') ?? named;
  const missing = org === undefined ? 'organization' : bucket === undefined ? 'bucket' : undefined;
  if (org === undefined || bucket === undefined) {
    throw new OutputMistake(`--out ${NAME}: a token is given, but no ${missing}`, [
      `version 2 of InfluxDB needs both: --out ${NAME}=http://localhost:8086/<bucket>?org=<organization>, or K6_INFLUXDB_BUCKET and K6_INFLUXDB_ORGANIZATION`,
    ]);
  }
  return {
    target: bucket,
    writePath: `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ns' })}`,
    create: undefined,
  };
}

function readTag(text: string): TagAsField {
  const [tag = '', wanted = 'string'] = text.split(':');
  const type = FIELD_TYPES.find((each) => each === wanted);
  if (type === undefined)
    throw new OutputMistake(
      `--out ${NAME}: tagsAsFields has \`${text}\`: expected a tag, or a tag with :string, :int, :float or :bool`,
    );
  return { tag, type };
}
