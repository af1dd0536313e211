import type { StepTrace } from '../../model/action/step-trace.ts';
import type { TracedPeer, TraceTerms } from '../../model/trace-terms.ts';
import { isLoopbackHost } from '../../util/loopback.ts';
import type { Random } from '../names/random.ts';

const ID_DIGITS = 32;
const PREFIX_DIGITS = 8;

/** Most flows have few spans. */
const FIRST_NUMBERS: readonly string[] = Array.from({ length: 16 }, (_, number) => writeNumber(number));

/** What the flows that one execution consists of have in common: the trace, and how many spans it has. */
interface Spans {
  readonly id: string;
  /** What all their ids begin with. */
  readonly prefix: string;
  count: number;
}

/** The W3C trace of a flow; flows that it calls take part in it. */
export class FlowTrace {
  readonly #spans: Spans;
  readonly #terms: TraceTerms;
  readonly #flowId: string;
  #baggage: string | undefined;

  constructor(spans: Spans, terms: TraceTerms, flowId: string) {
    this.#spans = spans;
    this.#terms = terms;
    this.#flowId = flowId;
  }

  /** 32 hex digits. */
  get id(): string {
    return this.#spans.id;
  }

  /** Whether anything went out with it. */
  get isUsed(): boolean {
    return this.#spans.count > 0;
  }

  /** Where people look at it. */
  get url(): string | undefined {
    return this.#terms.url?.replaceAll('{trace_id}', this.id);
  }

  get baggage(): string {
    this.#baggage ??= `testmesh.flow=${encodeURIComponent(this.#flowId.toWellFormed())},testmesh.trace=${this.id}`;
    return this.#baggage;
  }

  /** The same trace on the terms of a flow that is called: what it says of them is nearer than what the caller says. */
  under(terms: TraceTerms | undefined): FlowTrace {
    return terms ? new FlowTrace(this.#spans, { ...this.#terms, ...terms }, this.#flowId) : this;
  }

  /** What goes out with what one run of a step sends. */
  forStep(): StepTrace {
    return new StepSpan(this);
  }

  openSpan(): string {
    const { id, prefix } = this.#spans;
    const number = ++this.#spans.count;
    return `00-${id}-${prefix}${FIRST_NUMBERS[number] ?? writeNumber(number)}-01`;
  }

  reaches(host: string, port: number, scheme: string | undefined): boolean {
    const { propagate = true } = this.#terms;
    if (typeof propagate === 'boolean') return propagate;
    return propagate.some((peer) => isPeer(peer, { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port, scheme }));
  }
}

/** Makes the trace of a flow. */
export function createFlowTrace(
  random: Random,
  { terms, flowId }: { readonly terms: TraceTerms; readonly flowId: string },
): FlowTrace {
  const digits = random.hex(ID_DIGITS + PREFIX_DIGITS);
  const spans = { id: digits.slice(0, ID_DIGITS), prefix: digits.slice(ID_DIGITS), count: 0 };
  return new FlowTrace(spans, terms, flowId);
}

/** The part of a run of a step in its flow's trace: a span, made when something first goes out. */
class StepSpan implements StepTrace {
  readonly #trace: FlowTrace;
  #traceparent: string | undefined;

  constructor(trace: FlowTrace) {
    this.#trace = trace;
  }

  get traceparent(): string {
    this.#traceparent ??= this.#trace.openSpan();
    return this.#traceparent;
  }

  get baggage(): string {
    return this.#trace.baggage;
  }

  reaches(host: string, port: number, scheme?: string): boolean {
    return this.#trace.reaches(host, port, scheme);
  }
}

function writeNumber(number: number): string {
  return number.toString(16).padStart(8, '0');
}

function isPeer(peer: TracedPeer, { host, port, scheme }: TracedPeer): boolean {
  if (peer.scheme !== undefined && peer.scheme !== scheme) return false;
  if (peer.port !== undefined && peer.port !== port) return false;
  if (peer.host.startsWith('.')) return host.endsWith(peer.host);
  return host === peer.host || (peer.host === 'localhost' && isLoopbackHost(host));
}
