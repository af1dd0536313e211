/** The command as Node starts it: answers `--version` by itself, else loads the program with its code cache. */
import { setFlagsFromString } from 'node:v8';
import { loadProgram } from './process/load-chunk.ts';

declare const TESTMESH_VERSION: string;
declare const TESTMESH_NODE: string;

const needed = TESTMESH_NODE.split('.').map(Number);
const have = process.versions.node.split('.').map(Number);
const isTooOld = have[0] !== needed[0] ? Number(have[0]) < Number(needed[0]) : Number(have[1]) < Number(needed[1]);
const words = process.argv.slice(2);
/** Commands that end within seconds or minutes. */
const SHORT_LIVED: ReadonlySet<string | undefined> = new Set([
  'run',
  'validate',
  'eval',
  'explain',
  'report',
  'merge-reports',
  'completion',
  'schema',
  'fmt',
]);

if (isTooOld) {
  process.stderr.write(`testmesh needs Node ${TESTMESH_NODE} or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 2;
} else if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.on('error', reportUnwritten).write(`${TESTMESH_VERSION}\n`);
} else {
  if (SHORT_LIVED.has(words.find((word) => !word.startsWith('-')))) setFlags();
  loadProgram(__dirname);
}

/** A reader that went away is no mistake. */
function reportUnwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`testmesh: standard output cannot be written: ${message}\n`);
  process.exitCode = 3;
}

/** What suits a command that is over soon; one that goes on (a load, a server) needs V8 as it comes. Set before anything is loaded, for code caches are bound to the flags; an unknown one would be complained of. */
function setFlags(): void {
  // A run calls most of its code a few hundred times at most: V8 would spend a third of its time on optimising that, in either
  // compiler. What it sees of the types on the way helps its interpreter too, from the first calls on.
  if (Number(have[0]) < 22) {
    // It may still change its mind at the next look (`util/many-calls.ts`), so that it looks as often as ever and is content later.
    setFlagsFromString('--ticks-before-optimization=22');
    setFlagsFromString('--bytecode-size-allowance-per-tick=20');
    setFlagsFromString('--max-bytecode-size-for-early-opt=10');
    setFlagsFromString('--interrupt-budget-factor-for-feedback-allocation=1');
  }
  setFlagsFromString('--no-sparkplug');
  // The heap of a run is small: marking it in steps beside the program takes longer than looking through it once it is full,
  // and a nursery that grows at once leaves less to be looked through.
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--semi-space-growth-factor=8');
}
