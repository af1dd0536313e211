import type { Readable, Writable } from 'node:stream';
import { type ActiveFault, type Direction, findCut, takePart } from './active-fault.ts';
import { type PaceHost, Pacer } from './pacer.ts';

export interface Carriage {
  /** The request whose body, or whose answer's body, is carried. */
  readonly request: object;
  readonly direction: Direction;
  /** The faults that hold for it. */
  readonly faults: readonly ActiveFault[];
  readonly host: PaceHost;
  onBytes(count: number): void;
  /** Ends the connections of both. */
  cut(isReset: boolean): void;
}

/** Hands a body on as its faults let it. What they hold up as a whole has waited before. */
export function carryBody(source: Readable, sink: Writable, carriage: Carriage): void {
  const { request, direction, host } = carriage;
  const faults = carriage.faults.filter((fault) => fault.holdsForBody(direction));
  const cut = findCut(faults);
  let passed = 0;
  let isOver = false;
  const pacer = new Pacer(host, (bytes) => {
    if (!sink.write(bytes)) source.pause();
    else if (!pacer.isFull) source.resume();
  });
  sink.on('drain', () => source.resume());
  sink.once('close', () => {
    isOver = true;
    pacer.stop();
    source.resume();
  });
  source.on('data', (bytes: Buffer) => {
    if (isOver) return;
    carriage.onBytes(bytes.length);
    const { part, isLast } = takePart(bytes, passed, cut);
    passed += part.length;
    for (const fault of faults) {
      fault.seen.noteSize(passed);
      if (!fault.holdsUp(direction, part.length)) continue;
      fault.noteRequest(request);
      fault.noteBytes(part.length, part);
    }
    if (part.length > 0)
      pacer.add(
        part,
        faults.flatMap((fault) => bodyPaceOf(fault, direction)),
      );
    if (pacer.isFull) source.pause();
    if (!cut || !isLast) return;
    cut.fault.noteRequest(request);
    cut.fault.noteBytes(bytes.length - part.length, bytes);
    isOver = true;
    pacer.whenEmpty(() => carriage.cut(cut.isReset));
  });
  source.on('end', () => {
    if (!isOver) pacer.whenEmpty(() => endSlowly(sink, faults, carriage));
  });
}

function endSlowly(sink: Writable, faults: readonly ActiveFault[], { request, host }: Carriage): void {
  const slow = faults.find((fault) => fault.faults.slow_close !== undefined);
  slow?.noteRequest(request);
  if (slow) host.clock.after(slow.faults.slow_close ?? 0, () => sink.end());
  else sink.end();
}

function bodyPaceOf(fault: ActiveFault, direction: Direction) {
  const { bandwidth, slice } = fault.paceOf(direction) ?? {};
  return bandwidth === undefined && slice === undefined ? [] : [{ bandwidth, slice }];
}
