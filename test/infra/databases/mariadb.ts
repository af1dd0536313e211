import { makeCertificates, type OwnServer, startMariadb } from '../../support/servers/programs.ts';

let server: Promise<OwnServer> | undefined;

/** The programs without which there is none. */
export const MARIADB_PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb', 'openssl'];

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
