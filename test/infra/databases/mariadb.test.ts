import { afterAll } from 'vitest';
import { stopMariadb } from './mariadb.ts';

afterAll(stopMariadb);

await import('./mysql-query.ts');
await import('./mysql-types.ts');
await import('./mysql-unchanged.ts');
await import('./mysql-effects.ts');
await import('./mysql-keys.ts');
