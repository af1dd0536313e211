import type { $ZodType } from 'zod/v4/core';
import type { CompanionKind } from '../companions/companion.ts';

/** Settings that see more names than the flow's. */
interface SeeingSettings {
  /**
   * Settings that are expressions (where a single text is a list of one), with the names they see besides the flow's: a list, or
   * `child` for the result of the control's step. In the checked settings each is an ExpressionAt.
   */
  readonly expressions?: Readonly<Record<string, readonly string[] | 'child'>>;
  /**
   * Settings that the action renders while it runs (the answer to a request that is yet to come), with the names they see besides
   * the flow's. In the checked settings each is a LateValue.
   */
  readonly late?: Readonly<Record<string, readonly string[]>>;
  /** What is known of the names that a setting sees besides the flow's, from the settings as authored and the path of that setting. */
  readonly seen?: (authored: unknown, path: readonly (string | number)[]) => Readonly<Record<string, SeenKeys>>;
}

/** What testmesh.yaml gives of settings. */
interface ProjectSettings {
  /** The setting that may name a connection of testmesh.yaml. */
  readonly connection?: NamedConnection;
  readonly defaults?: DefaultSettings;
}

/** What an action takes. Settings are named by their path: `until`, `query.file`; `*` for the keys of a map, `[]` for the items of a list. */
export interface ActionSettings<Config = unknown> extends SeeingSettings, ProjectSettings {
  /** Built with zod/mini, strict at every level. */
  readonly schema: $ZodType<Config>;
  /** Other spellings of settings, accepted and not taught: spelling → setting. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Settings whose text is taken literally, without placeholders. */
  readonly verbatim?: readonly string[];
  /** Settings that name files. */
  readonly files?: SettingFiles;
  /** Settings whose text is in a language of its own, in which a pasted value may mean something else. */
  readonly languages?: Readonly<Record<string, SettingLanguage>>;
  /** A setting that is a list of assertions, added to the step's own. */
  readonly assertions?: string;
  /** Steps that the settings name by their id (`since: step:<id>`), and companions of the run, from the settings as authored; each has to exist. */
  readonly mentions?: (authored: unknown) => readonly Mention[];
  /** More findings about the settings as authored, made before the run; paths are within the settings. */
  readonly check?: (authored: unknown) => readonly ConfigFinding[];
  readonly note?: SettingsNote;
}

/** Which settings below `defaults` of testmesh.yaml are its own. */
export interface DefaultSettings {
  /** The key that they stand below, for all actions of the kind. */
  readonly group: string;
  /** Settings that are maps of which each part counts by itself. */
  readonly merged?: readonly string[];
  /** A setting, and the part of a merged one that says the same: a step's own of either goes before both. */
  readonly instead?: readonly (readonly [setting: string, map: string, part: string])[];
  /** Settings of which none is taken where a step has one of them. */
  readonly together?: readonly (readonly string[])[];
}

/** A setting by which a connection of testmesh.yaml is named. */
export interface NamedConnection {
  readonly setting: string;
  /** The settings that it gives: one for a connection that is an address, else those of its map. */
  readonly gives: readonly string[];
  /** An address of the kind that it takes. */
  readonly any?: string;
}

/** What people are shown of settings besides what follows from their schema. */
export interface SettingsNote {
  /** Settings that hold as they stand, where what is needed says too little. */
  readonly example: string;
  /** Values with what they mean. */
  readonly values?: readonly [title: string, rows: readonly (readonly [value: string, meaning: string])[]];
  /** What `testmesh explain` has that says more, and what that is. */
  readonly more?: readonly [topic: string, what: string];
}

/** The keys of what a name stands for, each with its own; undefined where they are not known before the run. */
export interface SeenKeys {
  readonly [key: string]: SeenKeys | undefined;
}

/** Settings that name files, relative to the flow's, which have to be there before the run. */
export interface SettingFiles {
  /** Settings whose text is the path of a file. */
  readonly paths?: readonly string[];
  /** The same of files that are sent as they are, be they text or not. */
  readonly attachments?: readonly string[];
  /** Settings that may be `{file, template: true}`: what the action then gets is the file's text with its placeholders filled in. */
  readonly templates?: readonly string[];
  /** What is wrong with what the files hold, relative to a folder; paths are within the settings. */
  readonly check?: (authored: unknown, directory: string) => readonly ConfigFinding[];
}

/** A language that a setting is written in. */
export interface SettingLanguage {
  /** `SQL`. */
  readonly name: string;
  /** How to hand over the variable with this name in the place of pasting it. */
  readonly bind: (variable: string) => string;
  /** Whether the variable gives the text nothing but names, which cannot be handed over. */
  readonly isName?: (text: string, variable: string) => boolean;
}

export interface ConfigFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: readonly (string | number)[];
  /** Whether the key itself is wrong, not what stands behind it. */
  readonly isKey?: boolean;
  readonly message: string;
  readonly help?: readonly string[];
}

/** A step, or a companion of testmesh.yaml, named in the settings of a step. */
export interface Mention {
  readonly id: string;
  /** What it may be in testmesh.yaml; a step of the flow with this id goes before a stub or a proxy. Absent: it is a step. */
  readonly kind?: CompanionKind | undefined;
  /** The setting that names it. */
  readonly path: readonly (string | number)[];
  /** What is wrong with the settings that name it, from those of the step that it is; paths are within those that name it. */
  readonly check?: ((authored: unknown) => readonly ConfigFinding[]) | undefined;
}
