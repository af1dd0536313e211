import { actions, listActions } from '../../actions/registry.ts';
import type { ActionDefinition } from '../../model/action/definition.ts';
import { WAIT_WORDS } from '../../plan/lower/wait-source.ts';
import { listSchemaKeys, type SchemaKey } from '../../plan/read/schema-kinds.ts';
import type { Paint } from '../../util/paint.ts';
import { wrapText } from '../../util/wrap-text.ts';
import { docsOfSettings, writeSettingDoc } from '../setting-docs/setting-docs.ts';

const LINE = 100;

/** Lists the actions with what each does. */
export function describeActions(paint: Paint): string {
  const all = listActions();
  const width = Math.max(...all.map((action) => action.name.length));
  const lines = all.map((action) => `  ${paint.bold(action.name.padEnd(width))}  ${action.summary}`);
  return ['actions', ...lines, '', 'testmesh explain <action> shows its settings and its result', ''].join('\n');
}

/** The words that a step may name. */
export function listActionNames(): readonly string[] {
  const names = [...actions].filter(([, action]) => isShown(action)).map(([word]) => word);
  return [...names, ...WAIT_WORDS];
}

/** What an action does, takes and gives; undefined when there is none of this name. */
export function describeAction(word: string, paint: Paint): string | undefined {
  if (WAIT_WORDS.includes(word)) return `${paint.bold(word)} means a \`poll\`: see testmesh explain poll\n`;
  const action = actions.get(word);
  return action && isShown(action) ? describe(action, paint) : undefined;
}

/** Steps name it, or it is a key beside them. */
function isShown({ traits, control }: ActionDefinition): boolean {
  return !traits?.isInternal || control?.watches === true;
}

function describe(action: ActionDefinition, paint: Paint): string {
  const { aliases = [], summary, settings, result } = action;
  const others = aliases.length > 0 ? [`also written ${aliases.join(', ')}`] : [];
  const all = listActionSettings(action);
  const { note } = settings;
  const docs = docsOfSettings(action.name);
  const keys = all.map(({ key, kind, isNeeded }): [string, string, string] => [
    `${key}${isNeeded ? '*' : ''}`,
    [kind, ...findAliases(settings.aliases, key)].join(', '),
    docs[key] ? writeSettingDoc(docs[key]) : '',
  ]);
  const results = Object.entries(result.keys).map(([key, kind]): [string, string] => [
    key,
    kind.replace('?', ' or nil'),
  ]);
  return [
    paint.bold(action.name),
    '',
    ...wrapText(summary),
    ...others,
    ...writeSettings(keys, paint),
    ...(note?.values ? writeTable(...note.values, paint) : []),
    ...writeTable('result', results, paint),
    '',
    paint.green('for example'),
    ...writeExample(action, all),
    ...(note?.more ? ['', `testmesh explain ${note.more[0]} shows ${note.more[1]}`] : []),
    '',
  ].join('\n');
}

/** The settings of an action as an author writes them. */
export function listActionSettings({ settings, control }: ActionDefinition): readonly SchemaKey[] {
  return listSchemaKeys(settings.schema).map((setting) => {
    const steps = control?.steps?.find((pattern) => pattern.replace(/[[.?].*$/, '') === setting.key);
    if (steps === undefined) return setting;
    const kind = steps.includes('.') ? setting.kind : steps.includes('[]') ? 'list of steps' : 'step';
    return { ...setting, kind, isNeeded: !steps.endsWith('?') };
  });
}

/** Each setting with what it takes, and below it what it is for and its default. */
function writeSettings(rows: readonly (readonly [string, string, string])[], paint: Paint): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([key]) => key.length));
  const pad = ' '.repeat(width + 4);
  const write = ([key, kind, doc]: readonly [string, string, string]): readonly string[] => [
    `  ${paint.bold(key.padEnd(width))}  ${paint.dim(kind)}`,
    ...(doc === '' ? [] : wrapText(doc, LINE - pad.length).map((line) => pad + line)),
  ];
  return ['', paint.green('settings (* needed)'), ...rows.flatMap(write)];
}

/** Rows of two columns below their title. */
export function writeTable(
  title: string,
  rows: readonly (readonly [string, string])[],
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([key]) => key.length));
  return ['', paint.green(title), ...rows.map(([key, kind]) => `  ${key.padEnd(width)}  ${kind}`.trimEnd())];
}

function writeExample(action: ActionDefinition, settings: readonly SchemaKey[]): readonly string[] {
  const example = action.settings.note?.example;
  if (action.control?.watches) {
    const keys = settings.slice(0, 2).map(({ key }) => `${key}: …`);
    return [
      `  ${action.name}: ${example ?? `{ ${keys.join(', ')} }`}`,
      '  (a key of a flow, of a step, and of testmesh.yaml for all flows)',
    ];
  }
  const needed = settings.filter(({ isNeeded }) => isNeeded).map(({ key }) => `${key}: …`);
  const shown = example ?? (needed.length > 0 ? `{ ${needed.join(', ')} }` : undefined);
  return [
    `  - action: ${action.name}`,
    ...(shown === undefined ? [] : [`    config: ${shown}`]),
    ...(action.result.example === undefined ? [] : [`    assert: [${action.result.example}]`]),
  ];
}

function findAliases(aliases: Readonly<Record<string, string>> | undefined, key: string): readonly string[] {
  const words = Object.entries(aliases ?? {}).filter(([, meant]) => meant === key);
  return words.map(([word]) => `also written ${word}`);
}
