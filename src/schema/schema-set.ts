import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Value, ValueMap } from '../expr/index.ts';
import { Budget } from '../expr/values/limits.ts';
import type { SchemaError } from './describe-errors.ts';
import { compileWith, createEngine, type Engine, listErrors, runValidation } from './engine.ts';
import { readPointer } from './keywords.ts';
import { NAMED_SCHEMA, type PreparedSchema, prepareSchema } from './prepare.ts';
import { STEPS, STEPS_TO_LIST } from './validator.ts';

/**
 * Schemas that know each other by name: `{[NAMED_SCHEMA]: name}` stands for one of them where a value of its own is judged. Each is
 * compiled when a value first reaches it, for a large description of a service has hundreds, and a run reaches few. Words that
 * nobody knows are passed over, as JSON Schema has it.
 */
export class SchemaSet {
  readonly #load: (name: string) => Value;
  readonly #originals = new WeakMap<object, ValueMap>();
  readonly #prepared = new Map<string, PreparedSchema>();
  readonly #quick: Compiled;
  readonly #full: Compiled;

  /** `load` gives the schema with a name. */
  constructor(load: (name: string) => Value) {
    this.#load = load;
    this.#quick = this.#createCompiled(false);
    this.#full = this.#createCompiled(true);
  }

  /** What is wrong with a value; empty when nothing is. @throws ExprError when a schema is none, or costs too much */
  find(name: string, value: Value): readonly SchemaError[] {
    if (this.#run(this.#quick, name, value, STEPS)) return [];
    try {
      return this.#run(this.#full, name, value, STEPS_TO_LIST) ? [] : this.#list(this.#full, name);
    } catch {
      this.#run(this.#quick, name, value, STEPS);
      return this.#list(this.#quick, name);
    }
  }

  #list(compiled: Compiled, name: string): readonly SchemaError[] {
    return listErrors(compiled.compile(name), { plain: undefined, originals: this.#originals });
  }

  #run(compiled: Compiled, name: string, value: Value, steps: number): boolean {
    const validate = compiled.compile(name);
    const prepared = { plain: undefined, originals: this.#originals };
    return runValidation(compiled.engine.slot, validate, { value, prepared, budget: new Budget(), steps });
  }

  #prepare(name: string): PreparedSchema {
    const known = this.#prepared.get(name);
    if (known) return known;
    const made = prepareSchema(this.#load(name), undefined, this.#originals);
    this.#prepared.set(name, made);
    return made;
  }

  #createCompiled(listsAll: boolean): Compiled {
    return new Compiled(listsAll, (name) => this.#prepare(name));
  }
}

/** The schemas of a set as one engine has compiled them. */
class Compiled {
  readonly #listsAll: boolean;
  readonly #prepare: (name: string) => PreparedSchema;
  readonly #functions = new Map<string, ValidateFunction>();
  #engine: Engine | undefined;

  constructor(listsAll: boolean, prepare: (name: string) => PreparedSchema) {
    this.#listsAll = listsAll;
    this.#prepare = prepare;
  }

  get engine(): Engine {
    this.#engine ??= this.#createEngine();
    return this.#engine;
  }

  compile(name: string): ValidateFunction {
    const known = this.#functions.get(name);
    if (known) return known;
    const { slot } = this.engine;
    const around = slot.current;
    // Schemas are validated as well, and not as a part of the value that made one needed.
    slot.current = undefined;
    try {
      const made = compileWith(this.engine, this.#prepare(name));
      this.#functions.set(name, made);
      return made;
    } finally {
      slot.current = around;
    }
  }

  #createEngine(): Engine {
    const engine = createEngine('2020-12', this.#listsAll);
    const { slot } = engine;
    const validateNamed = (
      name: string,
      plain: unknown,
      _parent: unknown,
      about?: { instancePath: string },
    ): boolean => {
      const around = slot.current;
      // The schema of schemas has no values to be judged by name.
      if (!around) return true;
      const { instancePath = '' } = about ?? {};
      const validate = this.compile(name);
      slot.current = { ...around, root: readPointer(around.root, instancePath) };
      try {
        const isValid = validate(plain);
        validateNamed.errors = (validate.errors ?? []).map((error) => ({
          ...error,
          instancePath: `${instancePath}${error.instancePath}`,
        }));
        return isValid;
      } finally {
        slot.current = around;
      }
    };
    validateNamed.errors = [] as ErrorObject[];
    engine.ajv.addKeyword({ keyword: NAMED_SCHEMA, errors: 'full', schemaType: 'string', validate: validateNamed });
    return engine;
  }
}
