// What `load.yaml` does, by hand with undici's quickest way: url, virtual users, iterations, `kept` or `new` connections.
import { Pool } from 'undici';

const [url, users, iterationCount, connections] = process.argv.slice(2);
const isKept = connections === 'kept';
const pool = new Pool(url, { connections: Number(users), pipelining: 1 });
let left = Number(iterationCount);
const series = new Map();
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

class Series {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  buckets = new Float64Array(65_536);

  record(value) {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    float[0] = value;
    this.buckets[words[1] >>> 16]++;
  }
}

/** A metric with its tags. */
function of(key) {
  let known = series.get(key);
  if (!known) {
    known = new Series();
    series.set(key, known);
  }
  return known;
}

/** The series of a request's step, found once for each status. */
class RequestSeries {
  constructor(step, status) {
    const tags = `{step:${step},status:${status}}`;
    for (const name of [
      'reqs',
      'duration',
      'blocked',
      'lookingUp',
      'connecting',
      'tls',
      'sending',
      'waiting',
      'receiving',
      'failed',
    ])
      this[name] = of(`http_req_${name}${tags}`);
  }
}

class StepSeries {
  byStatus = new Map();

  constructor(step, checks) {
    this.step = step;
    this.duration = of(`step_duration{step:${step}}`);
    this.group = of(`group_duration{group:${step}}`);
    this.failed = of(`step_failed{step:${step}}`);
    this.checks = checks.map((check) => of(`checks{check:${check}}`));
  }

  ofStatus(status) {
    let known = this.byStatus.get(status);
    if (!known) {
      known = new RequestSeries(this.step, status);
      this.byStatus.set(status, known);
    }
    return known;
  }
}

const iterations = of('iterations');
const durations = of('iteration_duration');
const failures = of('iteration_failed');
const sent = of('data_sent');
const received = of('data_received');
const getSeries = new StepSeries('get_user', ['status', 'active', 'name']);
const placeSeries = new StepSeries('place_order', ['status', 'total', 'items']);

/** One request with its times. */
class Request {
  status = 0;
  chunks = [];
  bytes = 0;
  dispatchedAt = performance.now();
  sentAt = 0;
  headAt = 0;

  constructor(resolve, reject) {
    this.resolve = resolve;
    this.reject = reject;
  }

  onRequestStart() {
    this.sentAt = performance.now();
  }

  onResponseStart(_controller, status) {
    this.status = status;
    this.headAt = performance.now();
  }

  onResponseData(_controller, chunk) {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
  }

  onResponseEnd() {
    this.resolve(this);
  }

  onResponseError(_controller, error) {
    this.reject(error);
  }
}

const GET_HEADERS = { accept: '*/*', 'user-agent': 'bench' };
const POST_HEADERS = { ...GET_HEADERS, 'content-type': 'application/json' };

function send(options) {
  return new Promise((resolve, reject) => {
    pool.dispatch(options, new Request(resolve, reject));
  });
}

function measure(request, step, { checks, body = '' }) {
  const endedAt = performance.now();
  const own = step.ofStatus(request.status);
  own.reqs.record(1);
  own.duration.record(endedAt - request.sentAt);
  own.blocked.record(request.sentAt - request.dispatchedAt);
  own.lookingUp.record(0);
  own.connecting.record(0);
  own.tls.record(0);
  own.sending.record(0);
  own.waiting.record(request.headAt - request.sentAt);
  own.receiving.record(endedAt - request.headAt);
  own.failed.record(request.status >= 200 && request.status < 400 ? 0 : 1);
  let holds = true;
  for (let at = 0; at < checks.length; at++) {
    step.checks[at].record(checks[at] ? 1 : 0);
    holds &&= checks[at];
  }
  step.duration.record(endedAt - request.dispatchedAt);
  step.group.record(endedAt - request.dispatchedAt);
  step.failed.record(holds ? 0 : 1);
  sent.record(body.length);
  received.record(request.bytes);
  return holds;
}

async function iterate(vu, iteration) {
  const startedAt = performance.now();
  const got = await send({ method: 'GET', path: `/users/${vu}?n=${iteration}`, headers: GET_HEADERS, reset: !isKept });
  const user = JSON.parse(Buffer.concat(got.chunks).toString());
  let holds = measure(got, getSeries, {
    checks: [got.status === 200, user.active === true, user.name.length > 0],
  });
  const body = JSON.stringify({ user_id: user.id, quantity: iteration, note: `order ${vu}-${iteration}` });
  const made = await send({ method: 'POST', path: '/orders', headers: POST_HEADERS, body, reset: !isKept });
  const order = JSON.parse(Buffer.concat(made.chunks).toString());
  holds &&= measure(made, placeSeries, {
    checks: [made.status === 200, order.total === 59.98, order.items.length === 1],
    body,
  });
  iterations.record(1);
  durations.record(performance.now() - startedAt);
  failures.record(holds ? 0 : 1);
}

async function loop(vu) {
  for (let iteration = 0; left-- > 0; iteration++) await iterate(vu, iteration);
}

await Promise.all(Array.from({ length: Number(users) }, (_, index) => loop(index + 1)));
if (failures.sum > 0) throw new Error(`${failures.sum} iterations failed`);
process.exit(0);
