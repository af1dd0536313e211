import { describe } from 'vitest';
import { repeats } from '../../support/sample.ts';
import {
  describeWithPrograms,
  makeCertificates,
  type OwnServer,
  startMariadb,
} from '../../support/servers/programs.ts';

const isWithTables = repeats('suites that watch tables of MariaDB, as others do those of Postgres', 3, 0) > 0;

let server: Promise<OwnServer> | undefined;

/** The programs without which there is none. */
export const MARIADB_PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb', 'openssl'];

/** A `describe` of what watches tables: the quick run watches those of Postgres alone. */
export function describeTables(name: string, body: () => void): void {
  if (isWithTables) describeWithPrograms(name, MARIADB_PROGRAMS, body);
  else describe.skip(name, body);
}

/** The one server of this folder's suites: it speaks TLS, and its zone is not that of anybody else. */
export function useMariadb(): Promise<OwnServer> {
  server ??= startMariadb({
    args: async (folder) => {
      await makeCertificates(folder);
      return [`--ssl-cert=${folder}/server.pem`, `--ssl-key=${folder}/server.key`, '--default-time-zone=+05:00'];
    },
  });
  return server;
}

/** Stops it when a suite has used it. */
export async function stopMariadb(): Promise<void> {
  await (await server)?.stop();
}
