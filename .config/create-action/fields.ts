import type { ResultKind } from '../../src/model/action/result.ts';

/** What a new action says of itself. */
export interface ActionFields {
  /** As written in YAML. */
  readonly name: string;
  readonly summary: string;
  readonly settings: readonly SettingField[];
  /** The keys of its result. */
  readonly result: ReadonlyMap<string, ResultKind>;
  readonly items: ItemsField | undefined;
  readonly judges: boolean;
  readonly traits: readonly TraitName[];
}

export interface SettingField {
  readonly name: string;
  readonly type: SettingType;
  readonly isOptional: boolean;
}

export interface ItemsField {
  readonly noun: string;
  readonly list: string;
  readonly number: string;
}

export type SettingType = (typeof SETTING_TYPES)[number];
export type TraitName = (typeof TRAITS)[number]['name'];

const SETTING_TYPES = ['string', 'number', 'bool', 'duration', 'array', 'map', 'any'] as const;
const KINDS: ReadonlySet<string> = new Set(
  ['bool', 'number', 'string', 'array', 'map'].flatMap((kind) => [kind, `${kind}?`]).concat('any'),
);

const TRAITS = [
  { name: 'isLocal', flag: 'local', question: 'does it touch nothing outside of the run?' },
  {
    name: 'isLook',
    flag: 'look',
    question: 'does it look at something that others change, so that a poll could look again?',
  },
  { name: 'creates', flag: 'creates', question: 'does it make something that was not there, which its result names?' },
  { name: 'ownsDeadline', flag: 'deadline', question: 'does it end by itself when its time is over?' },
] as const;

/** The flags of the command, as `parseArgs` of node:util takes them. */
export const FLAGS = {
  summary: { type: 'string' },
  settings: { type: 'string' },
  result: { type: 'string' },
  items: { type: 'string' },
  judges: { type: 'boolean' },
  local: { type: 'boolean' },
  look: { type: 'boolean' },
  creates: { type: 'boolean' },
  deadline: { type: 'boolean' },
} as const;

export type Flags = { readonly [Flag in keyof typeof FLAGS]?: string | boolean | undefined };

/** Answers a question; the default is what no answer means. */
export type Ask = (question: string, fallback: string) => Promise<string>;

/** A field that cannot be what was written. */
export class FieldMistake extends Error {}

/** The fields of an action: as the flags say, else as asked. @throws FieldMistake */
export async function readFields(name: string, flags: Flags, ask: Ask): Promise<ActionFields> {
  if (!/^[a-z][a-z0-9]*([_.][a-z0-9]+)*$/.test(name))
    throw new FieldMistake('give the action its YAML word: npm run create-action -- cache_get');
  const askText = async (flag: keyof Flags, question: string, fallback: string): Promise<string> => {
    const given = flags[flag];
    return (typeof given === 'string' ? given : await ask(question, fallback)).trim();
  };
  const askBool = async (flag: keyof Flags, question: string): Promise<boolean> => {
    const given = flags[flag];
    return typeof given === 'boolean' ? given : /^y/i.test(await ask(`${question} (y/n)`, 'n'));
  };
  const summary = await askText('summary', 'what does it do, in one line?', 'Gives the length of a text');
  const settings = readSettings(
    await askText('settings', `its settings (${SETTING_TYPES.join(', ')}; \`?\`: may be absent)`, 'text:string'),
  );
  const result = readResult(
    await askText('result', `the keys of its result (${[...KINDS].join(', ')}; \`?\`: may be nil)`, 'length:number'),
  );
  const items = readItems(
    await askText('items', 'a list of things in it, as thing:list:count (`row:rows:row_count`), or nothing', ''),
    result,
  );
  const judges = await askBool('judges', 'does it fail by itself when what it looks for is not there?');
  const traits: TraitName[] = [];
  for (const trait of TRAITS) if (await askBool(trait.flag, trait.question)) traits.push(trait.name);
  return { name, summary, settings, result, items, judges, traits };
}

function readSettings(text: string): readonly SettingField[] {
  return splitPairs(text).map(([name, word]) => {
    const type = SETTING_TYPES.find((one) => one === word.replace('?', ''));
    if (!type) throw new FieldMistake(`\`${name}\`: expected ${SETTING_TYPES.join(', ')}, got \`${word}\``);
    return { name, type, isOptional: word.endsWith('?') };
  });
}

function readResult(text: string): ActionFields['result'] {
  const pairs = splitPairs(text);
  if (pairs.length === 0) throw new FieldMistake('a result has at least one key: `length:number`');
  return new Map(
    pairs.map(([name, kind]) => {
      if (!isKind(kind)) throw new FieldMistake(`\`${name}\`: expected ${[...KINDS].join(', ')}, got \`${kind}\``);
      return [name, kind];
    }),
  );
}

function isKind(text: string): text is ResultKind {
  return KINDS.has(text);
}

function readItems(text: string, result: ActionFields['result']): ItemsField | undefined {
  if (text === '') return undefined;
  const [noun, list, number] = text.split(':');
  if (!noun || !list || !number) throw new FieldMistake(`expected thing:list:count, got \`${text}\``);
  if (result.get(list) !== 'array') throw new FieldMistake(`\`${list}\` is not an array of the result`);
  if (result.get(number) !== 'number') throw new FieldMistake(`\`${number}\` is not a number of the result`);
  return { noun, list, number };
}

/** `text:string limit:number?` as pairs. */
function splitPairs(text: string): readonly (readonly [name: string, type: string])[] {
  return text
    .split(/[\s,]+/)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [, name, type] = /^([A-Za-z_]\w*):(\w+\??)$/.exec(pair) ?? [];
      if (name === undefined || type === undefined) throw new FieldMistake(`expected name:type, got \`${pair}\``);
      return [name, type];
    });
}
