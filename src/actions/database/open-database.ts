import { type DatabaseAddress, readDatabaseAddress } from '../../drivers/database-address.ts';
import { ActionError, type ActionIo } from '../../model/action.ts';
import type { Database } from './database.ts';
import { createMysqlDatabase } from './mysql-database.ts';
import { createPostgresDatabase } from './postgres-database.ts';

/** Opens a database for the length of the flow, or gives the one that is open. @throws ActionError */
export function openDatabase(connection: string, io: ActionIo): Promise<Database> {
  return io.resources.open<Database>(nameResource(connection), async () => {
    const read = readDatabaseAddress(connection);
    if ('mistake' in read)
      throw new ActionError({ kind: 'config', code: 'TM321', message: read.mistake, hints: read.help });
    for (const name of read.address.ignored) io.note(`the parameter \`${name}\` of \`connection\` has no effect`);
    const database = createDatabase(read, io.facts.directory);
    return { value: database, close: () => database.close() };
  });
}

function createDatabase(read: DatabaseAddress, directory: string): Database {
  return read.dialect === 'mysql'
    ? createMysqlDatabase(read.address, directory)
    : createPostgresDatabase(read.address, directory);
}

/** A name of its own for each address, without the password: it is shown when closing fails. */
function nameResource(connection: string): string {
  let hash = 0;
  for (let at = 0; at < connection.length; at++) hash = (Math.imul(hash, 31) + connection.charCodeAt(at)) | 0;
  return `database ${connection.replace(/:[^:@/]*@.*$|[?].*$/, '')} ${(hash >>> 0).toString(36)}${connection.length}`;
}
