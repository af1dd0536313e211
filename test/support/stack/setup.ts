import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { isFullRun } from '../sample.ts';
import { loadStackApi, providePrograms } from './build.ts';
import type { GivenStack } from './stack.ts';

// nothing answers here, and nothing asks: the tests are left out
const nowhere = 'http://127.0.0.1:1';

/** Provides the programs, and one stack for the whole run, which is started when the first test file asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const programs = await providePrograms((line) => void process.stderr.write(`${line}\n`));
  project.provide('bin', programs.bin);
  project.provide('demo', programs.demo);
  let asked: Promise<StartedStack> | undefined;
  const server = createServer((_request, response) => {
    asked ??= start(programs.demo);
    asked.then(
      ({ given }) => response.end(JSON.stringify(given)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('stackUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    const started = await asked?.catch(() => undefined);
    await started?.stack?.stop();
    programs.remove();
  };
}

interface StartedStack {
  readonly given: GivenStack;
  readonly stack?: Stack;
}

/** Without Java or Maven the tests that need a stack are left out; with TESTMESH_FULL=1 they fail instead. */
async function start(demo: string): Promise<StartedStack> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const { MissingPrerequisite, startStack } = loadStackApi(demo);
  try {
    const stack = await startStack({ ports: 'free', log });
    const { databaseUrl, kafkaBrokers, urls, vars } = stack;
    return { given: { missing: '', databaseUrl, kafkaBrokers, urls, vars }, stack };
  } catch (error) {
    if (!(error instanceof MissingPrerequisite) || isFullRun) throw error;
    log(`left out the tests that need PostgreSQL and Kafka: ${error.message}`);
    return { given: describeNothing(error.message) };
  }
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
