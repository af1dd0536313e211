import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToTheEnd } from './stack/foreground.ts';
import { startStack } from './stack/stack.ts';

const flow = 'examples/07-order-journey-as-the-guide-tells-it.yaml';

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
    return await stack.runScript([program, 'run', join(root, flow), ...vars], signal);
  } finally {
    await stack.stop();
  }
});

/** The folder of the package, which lies above both the source and the bundle of this file. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
