import type { Consumer } from '../../model/consumer.ts';
import { RunCases } from '../fold/run-cases.ts';
import { beginOnce } from '../output/begin-once.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import { renderSuite } from './suite.ts';
import { renderCase, renderFlowCase } from './test-case.ts';
import { type Attributes, openTag, toSeconds } from './xml.ts';

/** Room for the numbers of the root, which are known when everything else is written. */
const ROOT_BYTES = 200;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Makes the JUnit reporter: a `testsuite` per flow, written when the flow has finished, a `testcase` per step.
 * The totals of the root are put in afterwards where the target can do that (`rewriteStart`); elsewhere the root has none.
 */
export function createJunitReporter(options: ReporterOptions): Consumer {
  const open = beginOnce(options, () => renderRoot({}));
  const cases = new RunCases<string>({
    makeStep: renderCase,
    makeFlow: renderFlowCase,
    onFlow(flow) {
      open();
      options.write(renderSuite(flow, cases.run));
    },
  });
  return {
    name: 'junit',
    wants: { exchanges: isVerbose(options) ? 'all' : 'failed' },
    on: (event) => cases.on(event),
    async close() {
      // Flows that never finished are in it as far as they came.
      cases.end();
      open();
      options.write('</testsuites>\n');
      const time = toSeconds(cases.finished?.durationMs ?? 0);
      options.rewriteStart?.(renderRoot({ ...cases.totals, time }));
      await options.finish?.();
    },
  };
}

function renderRoot(totals: Attributes): string {
  const tag = openTag('testsuites', { name: 'testmesh', ...totals });
  return `${HEAD}${tag.slice(0, -1).padEnd(ROOT_BYTES)}>\n`;
}
