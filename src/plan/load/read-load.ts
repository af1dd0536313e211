import type { $ZodType } from 'zod/v4/core';
import type { ExecutorPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import { checkShape } from '../compile/check-shape.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { describeIssue, listIssues } from '../read/issues.ts';
import type { Field } from '../read/keys.ts';
import type { LoadDocument } from './load-document.ts';
import {
  AMOUNT_KEYS,
  LOAD_SCHEMA,
  type LoadSettings,
  SCENARIO_SCHEMA,
  type ScenarioSettings,
  type ThresholdSettings,
} from './load-schema.ts';
import { type PlainData, readPlain } from './plain.ts';
import type { WrittenThreshold } from './thresholds.ts';

type SpanAt = PlainData['spanAt'];

/** A scenario as it is written. */
export interface WrittenScenario {
  readonly name: string;
  readonly file: SourceFile;
  /** Of the same document. */
  readonly flow?: FlowPlan | undefined;
  readonly settings: ScenarioSettings;
  /** By which it judges each rate, where it looks for a capacity. */
  readonly thresholds: readonly WrittenThreshold[];
  readonly spanAt: SpanAt;
  /** Whether nobody wrote it: the flow alone is there. */
  readonly isImplied?: boolean;
}

/** What a document says. */
export interface WrittenLoad {
  readonly settings: LoadSettings;
  readonly scenarios: readonly WrittenScenario[];
  readonly thresholds: readonly WrittenThreshold[];
  readonly reconcile: Field | undefined;
  readonly spanAt: SpanAt;
}

/** The executor that has thresholds of its own. */
const SEARCH: ExecutorPlan['kind'] = 'find-capacity';
const NAME = /^[0-9A-Za-z_-]+$/;

/** What the scenario of a flow is called where nobody named it. */
export function nameAfterFlow({ id }: FlowPlan): string {
  return id.replaceAll(/[^0-9A-Za-z_-]+/g, '_');
}

export function readLoad({ file, flow, load, scenarios }: LoadDocument, findings: Findings): WrittenLoad {
  const own = load && readSettings<LoadSettings>(load.value, { what: 'load', schema: LOAD_SCHEMA }, findings);
  const settings = own?.settings ?? {};
  const spanAt: SpanAt = own?.spanAt ?? (() => (load ?? scenarios)?.key.span as Span);
  const written = scenarios ? readScenarios(scenarios.value, { file, flow }, findings) : [];
  if (scenarios) reportAmounts(settings, spanAt, findings);
  const thresholds = listThresholds(settings, spanAt);
  const isSearch = !scenarios && settings.executor === SEARCH;
  const ofScenario = { settings: pickScenario(settings), thresholds: isSearch ? thresholds : [] };
  const single = !scenarios && flow && own ? [{ name: nameAfterFlow(flow), file, flow, ...ofScenario, spanAt }] : [];
  return {
    settings,
    scenarios: scenarios ? written : single,
    thresholds: isSearch ? [] : thresholds,
    reconcile: load?.value.kind === 'map' ? findEntry(load.value, 'reconcile') : undefined,
    spanAt,
  };
}

function readScenarios(
  node: Node,
  about: Pick<WrittenScenario, 'file' | 'flow'>,
  findings: Findings,
): readonly WrittenScenario[] {
  if (node.kind !== 'map' || node.entries.length === 0) {
    findings.error(
      CODES.wrongValue,
      `\`scenarios\`: expected a map of names to scenarios, got ${describeNode(node)}`,
      node.span,
      ['for example `scenarios: {users: {executor: constant-vus, vus: 10, duration: 30s}}`'],
    );
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const name = key.text.text;
    if (!NAME.test(name))
      findings.error(CODES.badId, `\`${name}\` cannot be a scenario's name`, key.span, [
        'it is letters, digits, `_` and `-`',
      ]);
    const read = readSettings<ScenarioSettings>(value, { what: name, schema: SCENARIO_SCHEMA }, findings);
    if (!read) return [];
    const { settings, spanAt } = read;
    if (settings.thresholds && settings.executor !== SEARCH)
      findings.error(
        CODES.wrongValue,
        `\`thresholds\` of a scenario are those by which \`${SEARCH}\` judges a rate`,
        spanAt(['thresholds']),
        [`write them below \`load\`, for this scenario alone as \`http_req_duration{scenario:${name}}\``],
      );
    return [{ ...about, name, settings, thresholds: listThresholds(settings, spanAt), spanAt }];
  });
}

function readSettings<T>(
  node: Node,
  about: { what: string; schema: $ZodType },
  findings: Findings,
): { settings: T; spanAt: SpanAt } | undefined {
  const { data, spanAt, keyAt } = readPlain(node);
  const { what, schema } = about;
  const parsed = checkShape(schema, data);
  for (const issue of listIssues(parsed, { schema, root: data })) {
    const { code, message, help } = describeIssue(issue, { what, isConfig: false, schema, root: data });
    const isKey = issue.raw.code === 'unrecognized_keys';
    findings.error(code, message, (isKey ? keyAt(issue.path) : undefined) ?? spanAt(issue.path), help);
  }
  return parsed.success ? { settings: parsed.data as T, spanAt } : undefined;
}

/** Beside scenarios `load` says what holds for all of them together. */
function reportAmounts(settings: LoadSettings, spanAt: SpanAt, findings: Findings): void {
  for (const key of [
    ...AMOUNT_KEYS,
    'exec',
    'start_time',
    'graceful_stop',
    'env',
    'tags',
    'think',
    'pacing',
    'data_mode',
  ] as const)
    if (settings[key] !== undefined)
      findings.error(CODES.wrongValue, `\`${key}\` of \`load\` is for a flow without \`scenarios\``, spanAt([key]), [
        'write it in the scenarios',
      ]);
}

function pickScenario(settings: LoadSettings): ScenarioSettings {
  const { checks: _c, thresholds: _t, out: _o, warm_up: _w, setup_timeout: _s, reconcile: _r, ...own } = settings;
  return own;
}

function listThresholds(
  { thresholds = {} }: Pick<LoadSettings, 'thresholds'>,
  spanAt: SpanAt,
): readonly WrittenThreshold[] {
  return Object.entries(thresholds).flatMap(([key, value]) => {
    const items: readonly ThresholdSettings[] = Array.isArray(value) ? value : [value];
    return items.map((item, index): WrittenThreshold => {
      const path = Array.isArray(value) ? ['thresholds', key, index] : ['thresholds', key];
      if (typeof item === 'string') return { key, text: item, abortOnFail: false, delayAbortMs: 0, span: spanAt(path) };
      const { threshold: text, abort_on_fail: abortOnFail = false, delay_abort_eval: delayAbortMs = 0 } = item;
      return { key, text, abortOnFail, delayAbortMs, span: spanAt([...path, 'threshold']) };
    });
  });
}
