import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToTheEnd } from './stack/foreground.ts';
import { startStack } from './stack/stack.ts';

const flow = 'examples/08-order-journey.yaml';

const NEXT = `
next:
  DEFECT=order_event_missing npm run demo    the same with a service that forgets its event: red, with the cause
  npm run stack                              keeps the services up; then, in another terminal:
  npm run -s testmesh -- run ${flow} --only order_stored
  npm run -s testmesh -- run --help`;

void runToTheEnd(async (signal) => {
  const root = findRoot(dirname(fileURLToPath(import.meta.url)));
  const program = join(root, 'dist', 'bin.cjs');
  if (!existsSync(program)) throw new Error('`dist/bin.cjs` is missing: run `npm run build` first');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  log('starting PostgreSQL, Kafka and the four demo services');
  const stack = await startStack({ defect: process.env['DEFECT'], log, signal });
  try {
    const vars = Object.entries(stack.vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
    log(`running ${flow}`);
    const code = await stack.runScript([program, 'run', join(root, flow), ...vars], signal);
    if (code === 0) log(NEXT);
    return code;
  } finally {
    await stack.stop();
  }
});

/** The folder of the package, which lies above both the source and the bundle of this file. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
