import type { Clock, Resources } from '../../model/action/resources.ts';

/** Faults that a step of this flow set in a proxy. */
export interface SetFaults {
  /** What the proxy is reached by: `127.0.0.1:40001`, `http://127.0.0.1:40001`, several brokers with commas. */
  readonly address: string;
  readonly proxy: string;
  readonly names: readonly string[];
  /** The id of the step. */
  readonly step: string;
  /** When they end by themselves, in monotonic ms. */
  readonly untilMs: number;
}

interface FaultsIo {
  readonly resources: Resources;
  readonly clock: Pick<Clock, 'monotonic'>;
}

const KEY = 'faults that steps set';

/** Has the flow's other steps know of faults, for what they say of errors. */
export async function noteFaults(faults: SetFaults, { resources }: Pick<FaultsIo, 'resources'>): Promise<void> {
  const all = await resources.open<SetFaults[]>(KEY, async () => ({ value: [], close: async () => undefined }));
  all.push(faults);
}

/** Forgets the faults of a proxy, which were cleared. */
export function forgetFaults(proxy: string, { resources }: Pick<FaultsIo, 'resources'>): void {
  const all = resources.find<SetFaults[]>(KEY);
  all?.splice(0, all.length, ...all.filter((one) => one.proxy !== proxy));
}

/** Says which faults this flow has set between a step and those that it talks to, by `host:port`. */
export function listFaultsBefore(places: readonly string[], { resources, clock }: FaultsIo): readonly string[] {
  const all = resources.find<readonly SetFaults[]>(KEY) ?? [];
  return all
    .filter(({ address, untilMs }) => isAt(address, places) && untilMs > clock.monotonic())
    .map(({ proxy, names, step }) => {
      const what = names.map((name) => `\`${name}\``).join(', ');
      return `it goes through the proxy \`${proxy}\`, in which step \`${step}\` set ${what}`;
    });
}

function isAt(address: string, places: readonly string[]): boolean {
  return address
    .replace(/^\w+:\/\//, '')
    .split(',')
    .some((one) => places.includes(one));
}
