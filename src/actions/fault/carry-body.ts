import type { IncomingMessage } from 'node:http';
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
  /** How many bytes the body has; undefined where only its end says so. */
  readonly length: number | undefined;
  onBytes(count: number): void;
  /** Ends the connections of both. */
  cut(isReset: boolean): void;
}

/** Hands a body on as its faults let it. What they hold up as a whole has waited before. */
export function carryBody(source: Readable, sink: Writable, carriage: Carriage): void {
  const { request, direction, host, length } = carriage;
  const faults = carriage.faults.filter((fault) => fault.holdsForBody(direction));
  const cut = findCut(faults);
  const slow = faults.find((fault) => fault.faults.slow_close !== undefined);
  // Who knows the length takes the last byte for the end, however late the end itself comes.
  let last: Buffer | undefined;
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
    if (slow && passed === length && !isLast) last = part.subarray(-1);
    for (const fault of faults) {
      fault.seen.noteSize(passed);
      if (!fault.holdsUp(direction, part.length)) continue;
      fault.noteRequest(request);
      fault.noteBytes(part.length, part);
    }
    const going = last ? part.subarray(0, -1) : part;
    if (going.length > 0)
      pacer.add(
        going,
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
    if (isOver) return;
    pacer.whenEmpty(() => {
      if (!slow || (length !== undefined && !last)) {
        sink.end();
        return;
      }
      slow.noteRequest(request);
      host.clock.after(slow.faults.slow_close ?? 0, () => {
        if (!sink.destroyed) sink.end(last);
      });
    });
  });
}

/** How many bytes a body has by its headers. */
export function readLength({ headers, statusCode }: IncomingMessage, method: string | undefined): number | undefined {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return 0;
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  const isRequest = (statusCode ?? undefined) === undefined;
  return isRequest && headers['transfer-encoding'] === undefined ? 0 : undefined;
}

function bodyPaceOf(fault: ActiveFault, direction: Direction) {
  const { bandwidth, slice } = fault.paceOf(direction) ?? {};
  return bandwidth === undefined && slice === undefined ? [] : [{ bandwidth, slice }];
}
