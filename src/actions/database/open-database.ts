import { ActionError } from '../../model/action/outcome.ts';
import type { DatabaseIo } from './connect-database.ts';
import type { Database } from './database.ts';
import { type DatabaseAddress, readDatabaseAddress } from './database-address.ts';
import { openMysqlDatabase } from './mysql-database.ts';
import { openPostgresDatabase } from './postgres-database.ts';

/** Gives a flow its database; connections to it are shared by all flows of the run. @throws ActionError */
export function openDatabase(connection: string, io: DatabaseIo): Promise<Database> {
  return io.resources.open<Database>(`database ${connection}`, async () => {
    const read = readDatabaseAddress(connection);
    if ('mistake' in read)
      throw new ActionError({ kind: 'authoring', code: 'TM321', message: read.mistake, hints: read.help });
    for (const name of read.address.ignored)
      io.report.note(`the parameter \`${name}\` of \`connection\` has no effect`);
    const value = await openAt(read, io);
    return { value, name: `database ${value.about.name}`, close: async () => undefined };
  });
}

function openAt(read: DatabaseAddress, io: DatabaseIo): Promise<Database> {
  return read.dialect === 'mysql' ? openMysqlDatabase(read.address, io) : openPostgresDatabase(read.address, io);
}
