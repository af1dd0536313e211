'use strict';
// Required into a process: tells on exit how much memory it had at most, in kilobytes. Not `maxRSS`: that begins with what the parent had.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  const [, peak] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeFileSync(process.env.BENCH_OUT, String(peak));
});
