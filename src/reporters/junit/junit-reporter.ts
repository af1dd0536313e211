import type { Consumer } from '../../model/consumer.ts';
import { RunCases } from '../fold/run-cases.ts';
import { beginOnce } from '../output/begin-once.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import { renderSuite } from './suite.ts';
import { SuiteNames } from './suite-names.ts';
import { renderCase, renderFlowCase } from './test-case.ts';
import { type Attributes, openTag, toSeconds } from './xml.ts';

/** Room for the numbers of the root, which are known when everything else is written. */
const ROOT_BYTES = 200;
/** From so many bytes on cases are brief. */
const ROOM = 20_000_000;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Makes the JUnit reporter: a `testsuite` per flow, written when the flow has finished, a `testcase` per step.
 * The totals of the root are put in afterwards where the target can do that (`rewriteStart`); elsewhere the root has none.
 */
export function createJunitReporter(options: ReporterOptions): Consumer {
  let size = 0;
  const names = new SuiteNames();
  const open = beginOnce(options, () => renderRoot({}));
  const cases = new RunCases<string>({
    makeStep(step, about) {
      const { classname } = names.nameOf(about.start.about);
      const text = renderCase(step, about, { classname, isBrief: size > ROOM });
      size += Buffer.byteLength(text);
      return text;
    },
    makeFlow: (flow) => renderFlowCase(flow, names.nameOf(flow.about).classname),
    onFlow(flow) {
      open();
      options.write(renderSuite(flow, names.nameOf(flow.start.about).name, cases.run));
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
      const { tests, failures, errors } = cases.totals;
      options.rewriteStart?.(renderRoot({ tests, failures, errors, time }));
      await options.finish?.();
    },
  };
}

function renderRoot(totals: Attributes): string {
  const tag = openTag('testsuites', { name: 'testmesh', ...totals });
  return `${HEAD}${tag.slice(0, -1).padEnd(ROOT_BYTES)}>\n`;
}
