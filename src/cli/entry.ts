import packageJson from '../../package.json' with { type: 'json' };
import { main } from './main.ts';
import { createProcessTerminal } from './process/terminal.ts';

const terminal = createProcessTerminal();

void main(process.argv.slice(2), { terminal, version: packageJson.version }).then((exitCode) => process.exit(exitCode));
