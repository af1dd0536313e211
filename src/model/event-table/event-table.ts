import type { Done } from '../action/done.ts';
import type { PrintedLine, ServicePrinted } from '../companions/service-printed.ts';
import {
  type Captured,
  EVENT_VERSION,
  type Evidence,
  type FlowFinished,
  type FlowStarted,
  type FlowValues,
  type LogWritten,
  type OutcomeCounts,
  type Override,
  type PhaseStarted,
  type RunEvent,
  type RunFinished,
  type RunNoted,
  type RunStarted,
  type StepFinished,
  type StepOutput,
  type StepPosition,
  type StepProgress,
  type StepRef,
  type StepRemembered,
  type StepStarted,
  type StepTiming,
} from '../events.ts';
import type { FlowAbout } from '../flow-about.ts';
import type { FlowOutput, SentTrace } from '../flow-output.ts';
import { exchange } from './exchange-kinds.ts';
import {
  choice,
  constant,
  flag,
  id,
  integer,
  type Kind,
  list,
  number,
  optional,
  optionalData,
  record,
  text,
  value,
  values,
  word,
} from './kinds.ts';
import { measures } from './measure-kinds.ts';
import { detail, location, outcome, problem, signalName, skip } from './problem-kinds.ts';

const phase = word({ setup: true, steps: true, teardown: true });

const counts = record<OutcomeCounts>('counts', {
  passed: integer(),
  failed: integer(),
  errored: integer(),
  skipped: integer(),
});

const flowAbout = record<FlowAbout>('flow_about', {
  id: id(),
  name: text(),
  file: id(),
  line: integer(),
  row: optional(integer()),
  repeat: optional(integer()),
  attempt: optional(integer()),
  role: optional(word({ before_all: true, after_all: true })),
  traceId: id(),
  tags: list(id()),
});

const flowValues = record<FlowValues>('flow_values', {
  overrides: list(record<Override>('override', { name: text(), from: text(), target: optional(text()) })),
  variables: values(),
  volatileNames: list(id()),
});

const position = {
  address: id(),
  parent: optional(id()),
  round: optional(integer()),
  branch: optional(id()),
  depth: integer(),
  role: optional(word({ look: true, cleanup: true, watch: true })),
};
const stepPosition = record<StepPosition>('step_position', position);
const stepRef = record<StepRef>('step', { ...position, id: id(), name: optional(text()), phase, action: id() });

const captured = record<Captured>('captured', { name: text(), value: optional(value()), isSecret: flag() });

const stepOutput = record<StepOutput>('step_output', {
  summary: text(),
  result: optionalData(values()),
  captures: list(captured),
  assertionCount: integer(),
});

const done = record<Done>('done', {
  settings: list(id()),
  problemCount: integer(),
  isThrown: flag(),
  summary: optional(text()),
  itemKeys: optional(list(text())),
});

const printed = record<ServicePrinted>('service_printed', {
  service: id(),
  lines: list(record<PrintedLine>('printed_line', { text: text(), isTraced: flag() })),
  omitted: integer(),
});

const flowOutput = record<FlowOutput>('flow_output', {
  captures: values(),
  secretNames: list(id()),
  printed: optional(list(printed)),
  trace: optional(record<SentTrace>('sent_trace', { traceId: id(), url: optional(text()) })),
});

const ofRun = { at: number() };
const ofFlow = { ...ofRun, flow: integer() };

/** Every type of event and what stands in its fields. Codec, mask, limits and JSON Schema are all read from here. */
export const eventTable: Kind<RunEvent> = choice<RunEvent, 'type'>('type', {
  run_started: record<RunStarted>('run_started', {
    type: constant('run_started'),
    ...ofRun,
    version: constant(EVENT_VERSION),
    testmesh: id(),
    runId: id(),
    seed: integer(),
    isSeedFixed: flag(),
    flowCount: integer(),
  }),
  flow_started: record<FlowStarted>('flow_started', {
    type: constant('flow_started'),
    ...ofFlow,
    about: flowAbout,
    inputs: flowValues,
    isPartial: flag(),
    replayOf: optional(text()),
    longestId: optional(integer()),
  }),
  phase_started: record<PhaseStarted>('phase_started', {
    type: constant('phase_started'),
    ...ofFlow,
    phase,
    stepCount: integer(),
  }),
  step_started: record<StepStarted>('step_started', {
    type: constant('step_started'),
    ...ofFlow,
    step: stepRef,
    attempt: integer(),
  }),
  step_progress: record<StepProgress>('step_progress', {
    type: constant('step_progress'),
    ...ofFlow,
    step: stepPosition,
    text: text(),
  }),
  log_written: record<LogWritten>('log_written', {
    type: constant('log_written'),
    ...ofFlow,
    step: stepPosition,
    level: word({ debug: true, info: true, warn: true, error: true }),
    message: text(),
    data: optional(value()),
  }),
  step_remembered: record<StepRemembered>('step_remembered', {
    type: constant('step_remembered'),
    ...ofFlow,
    step: stepPosition,
    key: text(),
    value: optional(value()),
  }),
  step_finished: record<StepFinished>('step_finished', {
    type: constant('step_finished'),
    ...ofFlow,
    step: stepRef,
    location,
    outcome,
    skip: optional(skip),
    problems: list(problem),
    timing: record<StepTiming>('timing', { startedAt: number(), durationMs: number(), attempts: integer() }),
    output: stepOutput,
    evidence: record<Evidence>('evidence', {
      exchange: optional(exchange),
      details: list(detail),
      notes: list(text()),
      measures: optional(measures),
      done: optional(done),
    }),
  }),
  flow_finished: record<FlowFinished>('flow_finished', {
    type: constant('flow_finished'),
    ...ofFlow,
    about: flowAbout,
    outcome,
    skip: optional(skip),
    retry: optional(word({ follows: true, flaky: true })),
    durationMs: number(),
    counts,
    output: flowOutput,
    problems: list(problem),
    details: optional(list(detail)),
  }),
  run_finished: record<RunFinished>('run_finished', {
    type: constant('run_finished'),
    ...ofRun,
    runId: id(),
    outcome,
    interrupted: optional(signalName),
    problems: optional(list(problem)),
    durationMs: number(),
    flows: counts,
    flaky: optional(integer()),
    steps: counts,
  }),
  run_noted: record<RunNoted>('run_noted', {
    type: constant('run_noted'),
    ...ofRun,
    level: word({ info: true, warning: true, error: true }),
    text: text(),
  }),
});
