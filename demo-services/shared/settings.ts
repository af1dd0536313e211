import { type DefectName, parseDefect } from './defects.ts';

export interface Settings {
  host: string;
  port: number;
  databaseUrl: string;
  schema: string;
  brokers: string[];
  userServiceUrl: string;
  productServiceUrl: string;
  defect: DefectName | undefined;
  logLevel: string;
}

/** Reads a service's settings; throws with the variable's name where a value cannot be used. */
export function readSettings(env: NodeJS.ProcessEnv, defaults: { port: number; schema: string }): Settings {
  return {
    host: env['HOST'] || '0.0.0.0',
    port: env['PORT'] === '0' ? 0 : readPort('PORT', env['PORT'], defaults.port),
    databaseUrl: env['DATABASE_URL'] || describeDatabase(env),
    schema: readSchema(env['DB_SCHEMA'] || defaults.schema),
    brokers: (env['KAFKA_BROKERS'] || 'localhost:9092').split(',').map((broker) => broker.trim()),
    userServiceUrl: readUrl('USER_SERVICE_URL', env['USER_SERVICE_URL'] || 'http://localhost:5001'),
    productServiceUrl: readUrl('PRODUCT_SERVICE_URL', env['PRODUCT_SERVICE_URL'] || 'http://localhost:5002'),
    defect: parseDefect(env['DEFECT']),
    logLevel: env['LOG_LEVEL'] || 'info',
  };
}

function describeDatabase(env: NodeJS.ProcessEnv): string {
  const url = new URL('postgresql://localhost');
  url.hostname = env['DB_HOST'] || 'localhost';
  url.port = String(readPort('DB_PORT', env['DB_PORT'], 5432));
  url.username = encodeURIComponent(env['DB_USER'] || 'root');
  url.password = encodeURIComponent(env['DB_PASSWORD'] || 'admin');
  url.pathname = encodeURIComponent(env['DB_NAME'] || 'postgres');
  return url.href;
}

function readPort(name: string, text: string | undefined, usual: number): number {
  if (text === undefined || text === '') return usual;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`\`${name}\` must be a port from 1 to 65535, got \`${text}\``);
}

function readSchema(text: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(text)) return text;
  throw new Error(`\`DB_SCHEMA\` must be a name of lower-case letters, digits and _, got \`${text}\``);
}

function readUrl(name: string, text: string): string {
  if (URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new Error(`\`${name}\` must be a URL, got \`${text}\``);
}
