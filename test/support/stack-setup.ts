import type { TestProject } from 'vitest/node';
import { MissingPrerequisite } from '../../demo-services/stack/missing.ts';
import { startStack } from '../../demo-services/stack/stack.ts';
import { provideCommand } from './build.ts';
import type { GivenStack } from './stack.ts';

// nothing answers here, and nothing asks: the tests are left out
const nowhere = 'http://127.0.0.1:1';

/** Provides the command and starts one stack for the whole run; without Java or Maven its tests are left out, unless TESTMESH_FULL=1. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const command = await provideCommand(log);
  project.provide('bin', command.bin);
  const stack = await startStack({ ports: 'free', log }).catch((error: unknown) => {
    if (!(error instanceof MissingPrerequisite) || process.env['TESTMESH_FULL'] === '1') {
      command.remove();
      throw error;
    }
    log(`left out the tests that need PostgreSQL and Kafka: ${error.message}`);
    return error;
  });
  if (stack instanceof MissingPrerequisite) {
    project.provide('stack', describeNothing(stack.message));
    return async () => command.remove();
  }
  const { databaseUrl, kafkaBrokers, urls, vars } = stack;
  project.provide('stack', { missing: '', databaseUrl, kafkaBrokers, urls, vars });
  return async () => {
    command.remove();
    await stack.stop();
  };
}

function describeNothing(missing: string): GivenStack {
  return {
    missing,
    databaseUrl: nowhere,
    kafkaBrokers: nowhere,
    urls: { user: nowhere, product: nowhere, order: nowhere, notification: nowhere },
    vars: {
      DB_URL: nowhere,
      KAFKA_BROKERS: nowhere,
      USER_SERVICE_URL: nowhere,
      PRODUCT_SERVICE_URL: nowhere,
      ORDER_SERVICE_URL: nowhere,
      NOTIFICATION_SERVICE_URL: nowhere,
    },
  };
}
