import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Database } from './database.ts';
import { type DatabaseAddress, readDatabaseAddress } from './database-address.ts';
import { createMysqlDatabase } from './mysql-database.ts';
import { createPostgresDatabase } from './postgres-database.ts';

/** Opens a database for the length of the flow, or gives the one that is open. @throws ActionError */
export function openDatabase(connection: string, io: ActionIo): Promise<Database> {
  return io.resources.open<Database>(`database ${connection}`, async () => {
    const read = readDatabaseAddress(connection);
    if ('mistake' in read)
      throw new ActionError({ kind: 'config', code: 'TM321', message: read.mistake, hints: read.help });
    for (const name of read.address.ignored)
      io.report.note(`the parameter \`${name}\` of \`connection\` has no effect`);
    const database = createDatabase(read, io.facts.directory);
    const name = `database ${connection.replace(/:[^:@/]*@.*$|[?].*$/, '')}`;
    return { value: database, name, close: () => database.close() };
  });
}

function createDatabase(read: DatabaseAddress, directory: string): Database {
  return read.dialect === 'mysql'
    ? createMysqlDatabase(read.address, directory)
    : createPostgresDatabase(read.address, directory);
}
