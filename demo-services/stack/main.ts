import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defects, parseDefect } from '../shared/defects.ts';
import { runToTheEnd } from './foreground.ts';
import { usualPorts } from './ports.ts';
import { type Stack, startStack } from './stack.ts';

const usage = `usage: npm run stack -- [options]

Starts PostgreSQL, Kafka and the four demo services, and stops them at Ctrl-C.

  --defect NAME     plant one fault (also: DEFECT in the environment); known:
${Object.entries(defects)
  .map(([name, { sentence }]) => `                      ${name}: ${sentence}`)
  .join('\n')}
  --ports MODE      usual, free or usual-or-free (default)
  --exports FILE    write the addresses to FILE as \`export\` lines
`;

void runToTheEnd(async (signal) => {
  const { values } = parseArgs({
    options: {
      defect: { type: 'string' },
      ports: { type: 'string', default: 'usual-or-free' },
      exports: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const beganMs = performance.now();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const defect = parseDefect(values.defect ?? process.env['DEFECT']);
  const stack = await startStack({ ports: readMode(values.ports), defect, log, signal });
  try {
    if (values.exports !== undefined) writeFileSync(values.exports, describeExports(stack));
    const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
    if (defect !== undefined) log(`DEFECT ${defect} IS PLANTED: ${defects[defect].sentence}`);
    log(`the stack is up after ${seconds} s; logs are in ${stack.logFolder}; Ctrl-C stops it`);
    const isUsual = hasUsualPorts(stack);
    if (!isUsual) log('its ports are not the usual ones: paste these lines into the shell that runs the flows');
    process.stdout.write(isUsual ? describeAddresses(stack) : describeExports(stack));
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    log('stopping the stack');
  } finally {
    await stack.stop();
  }
  return stack.lost.length > 0 ? 1 : 0;
});

function readMode(text: string): 'usual' | 'free' | 'usual-or-free' {
  if (text === 'usual' || text === 'free' || text === 'usual-or-free') return text;
  throw new Error(`\`--ports\` must be \`usual\`, \`free\` or \`usual-or-free\`, got \`${text}\``);
}

function hasUsualPorts({ vars }: Stack): boolean {
  const addresses = Object.values(vars);
  return Object.values(usualPorts).every((port) => addresses.some((address) => address.includes(`127.0.0.1:${port}`)));
}

function describeAddresses({ vars }: Stack): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function describeExports({ vars }: Stack): string {
  return Object.entries(vars)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
}
