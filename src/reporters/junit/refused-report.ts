import { firstSaid } from '../output/problem-text.ts';
import { openTag, textElement } from './xml.ts';

/** A document that says that nothing ran, as one case that errored. `said` is what the command said. */
export function renderRefused(said: string): string {
  const [, file] = /^ {2,}(\S.*):\d+:\d+$/m.exec(said) ?? [];
  const counts = { tests: 1, failures: 0, errors: 1, time: '0.000' };
  const message = firstSaid(said);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    openTag('testsuites', { name: 'testmesh', ...counts }),
    `  ${openTag('testsuite', { name: 'testmesh', ...counts, file })}`,
    `    ${openTag('testcase', { name: 'the run could not start', classname: 'testmesh', time: '0.000' })}`,
    `      ${textElement('error', { message, type: 'not started' }, said)}`,
    '    </testcase>',
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n');
}
