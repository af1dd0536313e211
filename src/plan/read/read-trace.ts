import type { TracedPeer, TraceTerms } from '../../model/trace-terms.ts';
import type { ScalarNode } from '../../source/yaml/node.ts';
import { describeNode, helpWithBool, readMap, readText, readTexts } from './fields.ts';
import { CODES, type Findings } from './findings.ts';
import { type Field, type FieldOptions, type KeyTable, type Meaning, readFields } from './keys.ts';

const LATER = { later: 'it comes with a later one' };
const PEER =
  /^(?!\d+$)(?:(https?):\/\/)?(?:\*(?=\.))?(\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i;
const HELP = ['write hosts, with a port or without: `[localhost, "*.staging.example", "https://orders.example"]`'];

/** The keys of `trace:` in a flow. */
const FLOW_TRACE: KeyTable = { propagate: true };
/** The keys of `trace:` in testmesh.yaml. */
const PROJECT_TRACE: KeyTable = { propagate: true, url: true, receive: LATER, forward: LATER };

/** Reads what a flow says of its trace. */
export function readFlowTrace(field: Field | undefined, findings: Findings): TraceTerms | undefined {
  const explain = (word: string): Meaning | undefined =>
    Object.hasOwn(PROJECT_TRACE, word) ? { help: 'it stands in testmesh.yaml, for all flows' } : undefined;
  return readTrace(field, { table: FLOW_TRACE, what: '`trace` of a flow', explain }, findings);
}

/** Reads what testmesh.yaml says of the traces of all flows. */
export function readProjectTrace(field: Field | undefined, findings: Findings): TraceTerms | undefined {
  return readTrace(field, { table: PROJECT_TRACE, what: '`trace` of testmesh.yaml' }, findings);
}

function readTrace(field: Field | undefined, about: FieldOptions, findings: Findings): TraceTerms | undefined {
  const map = readMap(field, findings);
  if (!map) return undefined;
  const fields = readFields(map, about, findings);
  const propagate = readPropagate(fields.get('propagate'), findings);
  const url = readUrl(fields.get('url'), findings);
  return { ...(propagate !== undefined && { propagate }), ...(url !== undefined && { url }) };
}

function readPropagate(field: Field | undefined, findings: Findings): TraceTerms['propagate'] {
  if (!field) return undefined;
  const { value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  const before = findings.list.length;
  readTexts(field, findings);
  if (findings.list.length > before) return undefined;
  const items = value.kind === 'seq' ? value.items : [value];
  return items.flatMap((item) => (item.kind === 'scalar' ? (readPeer(item, findings) ?? []) : []));
}

function readPeer(item: ScalarNode, findings: Findings): TracedPeer | undefined {
  const { text } = item.text;
  const asBool = helpWithBool(text);
  const [, scheme, host, port] = (asBool === undefined && PEER.exec(text)) || [];
  if (host === undefined || (port !== undefined && Number(port) > 65_535)) {
    const message = `\`propagate\`: expected hosts, \`true\` or \`false\`, got ${describeNode(item)}`;
    findings.error(CODES.wrongValue, message, item.span, asBool === undefined ? HELP : [asBool]);
    return undefined;
  }
  const usual = scheme && (scheme.toLowerCase() === 'https' ? 443 : 80);
  return {
    ...(scheme && { scheme: scheme.toLowerCase() }),
    host: host.replace(/^\[|\]$/g, '').toLowerCase(),
    ...(port === undefined ? usual && { port: usual } : { port: Number(port) }),
  };
}

/** Where a team looks at its traces. */
function readUrl(field: Field | undefined, findings: Findings): string | undefined {
  const url = readText(field, findings);
  if (field === undefined || url === undefined) return undefined;
  if (/^https?:\/\//i.test(url) && url.includes('{trace_id}')) return url;
  findings.error(
    CODES.wrongValue,
    `\`url\`: expected an address with \`{trace_id}\` in it, got ${describeNode(field.value)}`,
    field.value.span,
    ['for example `https://traces.example/trace/{trace_id}`'],
  );
  return undefined;
}
