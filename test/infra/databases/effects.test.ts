import { describeWithStack } from '../../support/stack/stack.ts';
import { testTableEffects } from './effects-tables.ts';

describeWithStack('effects on tables of Postgres', ({ databaseUrl }) => {
  testTableEffects(() => databaseUrl, 'public');
});
