import { findFlowFiles } from '../arguments/find-files.ts';
import type { ListFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { loadFlows } from '../arguments/load-flows.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { chooseAsked } from '../suites/choose-asked.ts';
import { describeFlows, formatListing } from '../suites/flow-listing.ts';

/** Lists the flows that the paths name and the flags choose; contacts nothing, and reports what keeps a flow from being listed. */
export async function listFlows(paths: readonly string[], flags: ListFlags, terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const { inputs, project, loaded, around } = await loadFlows(
    { cwd, inputs: readGivenInputs(flags, terminal) },
    (search) => findFlowFiles(paths, { ...search, secret: flags.secret }),
  );
  const diagnostics = [...(project?.diagnostics ?? []), ...loaded.diagnostics];
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const masks = createMasks([...loaded.flows, ...Object.values(around.flows)], inputs, errors);
  printFindings(errors, masks, { flags, terminal });
  const broken = new Set(errors.map(({ span, path }) => span?.file.path ?? path));
  const sound = loaded.flows.filter(({ file }) => !broken.has(file.path));
  const flows = await chooseAsked(sound, flags, { cwd, project });
  const listing = { flows, calledOnly: loaded.calledOnly, around: around.flows };
  const text = flags.json ? formatListing(listing) : describeFlows(listing, { isWhole: flags.verbose });
  terminal.write(masks.mask(text));
  return errors.length > 0 ? EXIT.usage : EXIT.passed;
}
