import packageJson from '../../package.json' with { type: 'json' };
import { main } from './main.ts';
import { leave } from './process/leave.ts';
import { createProcessTerminal } from './process/terminal.ts';

const words = process.argv.slice(2);

// As `THREAD_WORD`, of which nothing is to be loaded otherwise.
if (words[0] === '--load-thread') void import('./load/thread-main.ts').then(({ runThread }) => runThread());
else runCommand();

function runCommand(): void {
  const terminal = createProcessTerminal();
  // Name servers that do not answer are given up after seconds: a lookup cannot be taken back, and the process would not end before it.
  // The C library reads this with its first question; what the user says stands, and no service is given it.
  process.env['RES_OPTIONS'] ??= 'timeout:1 attempts:3';
  void main(words, { terminal, version: packageJson.version }).then(leave);
}
