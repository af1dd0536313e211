'use strict';
// Required into a run of testmesh: watches the lines of the tree as they are written, and tells on exit what the steps took.
const { openSync, writeSync } = require('node:fs');

const total = Number(process.env.BENCH_STEPS);
const isMemoryWanted = process.env.BENCH_MEMORY === '1';
const write = process.stdout.write.bind(process.stdout);
let finished = 0;
let started;
const told = {};

process.stdout.write = (chunk, ...rest) => {
  started ??= { cpu: process.cpuUsage(), at: process.hrtime.bigint() };
  const before = finished;
  finished += String(chunk).split('✓').length - 1;
  if (before < 200 && finished >= 200 && isMemoryWanted) told.memoryAt200 = measureMemory();
  if (before < total && finished >= total) {
    const { user, system } = process.cpuUsage(started.cpu);
    told.cpuMs = (user + system) / 1000;
    told.wallMs = Number(process.hrtime.bigint() - started.at) / 1e6;
    if (isMemoryWanted) told.memoryAtEnd = measureMemory();
  }
  return write(chunk, ...rest);
};

process.on('exit', () => writeSync(openSync(process.env.BENCH_OUT, 'w'), JSON.stringify(told)));

/** Bytes of the heap that are reachable. */
function measureMemory() {
  require('node:v8').setFlagsFromString('--expose-gc');
  require('node:vm').runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
