import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';
import { expectMatch, replacePart } from './expected-matches.ts';

const require = createRequire(import.meta.url);

/** What stands in for a module of a package. */
interface StandIn {
  /** Path of the importing module. */
  readonly importer: RegExp;
  /** As it is imported. */
  readonly module: RegExp;
  readonly contents: string;
}

/** For the logins of pg what it does with the Web Cryptography API, which takes Node longer to load and to call than the rest of opening a connection. */
export const PG_CRYPTO = `
  const { createHash, createHmac, pbkdf2, randomBytes } = require('crypto');
  const hash = (name, data) => createHash(name).update(data).digest();
  const md5 = (data) => hash('md5', data).toString('hex');
  exports.randomBytes = randomBytes;
  exports.sha256 = (data) => hash('sha256', data);
  exports.hashByName = (name, data) => hash(name.replace('-', ''), data);
  exports.hmacSha256 = (key, text) => createHmac('sha256', key).update(text).digest();
  exports.deriveKey = (password, salt, iterations) =>
    new Promise((resolve, reject) =>
      pbkdf2(password, salt, iterations, 32, 'sha256', (error, key) => (error ? reject(error) : resolve(key))),
    );
  exports.postgresMd5PasswordHash = (user, password, salt) =>
    'md5' + md5(Buffer.concat([Buffer.from(md5(password + user)), salt]));`;

/**
 * Parts of packages that no run reaches, but whose loading would cost every run milliseconds: mostly for modules of
 * Node that are not in its snapshot (`http2` and `child_process` take longer to load than a flow takes to be planned).
 */
const STAND_INS: readonly StandIn[] = [
  {
    // Looks for executable subcommands; there are none.
    importer: /\/commander\//,
    module: /^node:child_process$/,
    contents: 'module.exports = {};',
  },
  {
    // Finds out whether it runs on Cloudflare by making a `Response`, for which Node loads all of its `fetch`.
    importer: /\/pg\/lib\//,
    module: /^\.\/stream$/,
    contents: `
      exports.getStream = () => new (require('net').Socket)();
      exports.getSecureStream = (options) => require('tls').connect(options);`,
  },
  { importer: /\/pg\/lib\/client\.js$/, module: /^\.\/crypto\/utils$/, contents: PG_CRYPTO },
  { importer: /\/pg\/lib\/crypto\/sasl\.js$/, module: /^\.\/utils$/, contents: PG_CRYPTO },
  {
    /**
     * The Kafka client spends nearly all of its loading on compiling the schemas of its option checks. Its options are
     * set by our driver, never by a user: a check that lets everything pass takes the place of the compiler.
     */
    importer: /\/@platformatic\/kafka\//,
    module: /^ajv\/dist\/2020\.js$/,
    contents: `
      export class Ajv2020 {
        addKeyword() { return this; }
        compile() { return Object.assign(() => true, { errors: null }); }
        errorsText() { return ''; }
      }`,
  },
];

const noteStandIn = STAND_INS.map(({ importer, module }) => expectMatch(`stand-in: ${module} in ${importer}`));

/** Puts the stand-ins in the place of what they stand for. */
export const standIns: Plugin = {
  name: 'stand-ins',
  setup(hooks) {
    hooks.onResolve({ filter: /./ }, ({ path, importer }) => {
      const index = STAND_INS.findIndex((one) => one.module.test(path) && one.importer.test(importer));
      noteStandIn[index]?.();
      return index === -1 ? undefined : { path: `${index}`, namespace: 'stand-in' };
    });
    hooks.onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({
      contents: STAND_INS[Number(path)]?.contents ?? '',
    }));
  },
};

/** Modules of Node that take a while to load, and that most runs of a flow do without. */
const SLOW_BUILTINS = /^node:(crypto|fs\/promises)$/;
const noteSlowBuiltin = expectMatch(`slow builtins: ${SLOW_BUILTINS}`);

/** Loads the slow modules of Node when one of their functions is first called. */
export const slowBuiltinsLater: Plugin = {
  name: 'slow-builtins-later',
  setup(hooks) {
    hooks.onResolve({ filter: SLOW_BUILTINS }, ({ path, importer, namespace }) =>
      namespace === 'file' && /\/src\/.*\.ts$/.test(importer) ? { path, namespace: 'later' } : undefined,
    );
    hooks.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => {
      noteSlowBuiltin();
      const names = Object.entries(require(path)).filter(([, value]) => typeof value === 'function');
      const lines = names.map(
        ([name]) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args);`,
      );
      return { contents: lines.join('\n') };
    });
  },
};

const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';
const noteOwnRequire = expectMatch(`sources: ${OWN_REQUIRE}`);

/**
 * `const require = createRequire(import.meta.url)` is for unbundled code: in the bundle its own `require` takes that
 * place. What is beyond ASCII is escaped, in patterns and names too, where esbuild does not: V8 keeps and reads such a file in half the room.
 */
export const sourcesForBundle: Plugin = {
  name: 'sources-for-bundle',
  setup(hooks) {
    hooks.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const authored = readFileSync(path, 'utf8');
      const own = authored.replace(OWN_REQUIRE, '');
      if (own !== authored) noteOwnRequire();
      const source = loadActionsLater(path, own);
      const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      return { contents: source.replaceAll(/[\u0080-\uffff]/g, escapeUnit), loader: 'ts' };
    });
  },
};

const REGISTRY = /\/src\/actions\/registry\.ts$/;
const noteRegistry = expectMatch(`registry of actions: ${REGISTRY}`);

/** Makes each action when it is first asked for: what the registry imports is required by the function that gives it. */
function loadActionsLater(path: string, source: string): string {
  if (!REGISTRY.test(path)) return source;
  const imports = [...source.matchAll(/^import \{ (\w+) \} from '(\.\/.*)';\n/gm)];
  return imports.reduce((text, [line, constant = '', module = '']) => {
    noteRegistry();
    const direct = `() => ${constant},`;
    return replacePart(replacePart(text, line, ''), direct, `() => require('${module}').${constant},`);
  }, source);
}
