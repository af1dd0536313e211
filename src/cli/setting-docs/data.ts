import { DEADLINE, type SettingDocs } from './shared.ts';

const REDIS: SettingDocs = {
  connection: ['the Redis of this name in testmesh.yaml, in the place of `url`'],
  url: ['`redis://user:password@host:6379/0`, or `rediss://` with TLS; or say `host` and what follows'],
  host: ['where Redis is', 'localhost'],
  port: ['its port', '6379'],
  username: ['who asks'],
  password: ['the password, masked everywhere'],
  db: ['the number of the database', '0'],
  timeout: ['how long the command may take', DEADLINE],
};

export const DATA_DOCS: Readonly<Record<string, SettingDocs>> = {
  database_query: {
    connection: ['`postgres://…`, `mysql://…` or `mariadb://…`, or the name of a connection of testmesh.yaml'],
    query: [
      'SQL, several statements with `;` in one session; `{file: q.sql}` runs a file, with `template: true` filled in',
    ],
    params: ['what is bound: a list to `$1` or `?`, a map to `:name`; never pasted'],
    timeout: ['how long it may take; then it is cancelled on the server', DEADLINE],
    max_rows: ['so many rows are read and no more, which a note says', 'all, up to 256 MB'],
  },
  'redis.get': { ...REDIS, key: ['the key'] },
  'redis.set': {
    ...REDIS,
    key: ['the key'],
    value: ['what is written: a map or list as JSON'],
    ttl: ['how long it is kept', 'for good'],
  },
  'redis.del': { ...REDIS, key: ['the key, or a list of them'] },
  'redis.exists': { ...REDIS, key: ['the key, or a list of which all have to be there'] },
  'redis.command': {
    ...REDIS,
    command: ['the command, with its arguments in a text or a list, as in `HGETALL user:1`'],
    args: ['arguments behind those of `command`'],
  },
};
