import { compilePath, type PathPattern } from '../../util/path-pattern.ts';
import { DocumentError } from './document-error.ts';
import { childOf, childrenOf, type Documents, type Part, requireMap, textOf } from './documents.ts';

/** What a service does for one method and path. */
export interface Operation {
  /** `GET`. */
  readonly method: string;
  /** As a request has it: with what the addresses of its servers have before it; one for each of those. */
  readonly paths: readonly PathPattern[];
  /** `GET /users/{id}`, as the document has it. */
  readonly name: string;
  readonly part: Part;
  /** The path item that it stands in. */
  readonly item: Part;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Lists what a document says that its service does, what is most exact first: paths without parameters before those with them. @throws DocumentError when a path cannot be read */
export function listOperations(root: Part, documents: Documents): readonly Operation[] {
  const paths = childOf(root, 'paths');
  if (!paths) return [];
  const operations: Operation[] = [];
  const bases = listBases(root) ?? [''];
  for (const [path, given] of childrenOf(requireMap(paths, '`paths`'))) {
    if (path.startsWith('x-') || path === '$ref') continue;
    if (!path.startsWith('/'))
      throw new DocumentError(`\`${path}\` is no path: it does not begin with \`/\``, { span: given.node.span });
    const item = requireMap(documents.follow(given), `\`${path}\``);
    const itemBases = listBases(item) ?? bases;
    for (const [method, operation] of listMethods(item)) {
      const part = requireMap(operation, `\`${method}\` of \`${path}\``);
      const own = listBases(part) ?? itemBases;
      const patterns = own.map((base) => compilePath(`${base}${path}`));
      operations.push({ method, paths: patterns, name: `${method} ${path}`, part, item });
    }
  }
  return operations.sort((a, b) => countParameters(a.name) - countParameters(b.name));
}

function listMethods(item: Part): readonly (readonly [string, Part])[] {
  const additional = childOf(item, 'additionalOperations');
  const usual = childrenOf(item).filter(([key]) => METHODS.includes(key));
  return [
    ...usual.map(([method, part]) => [method.toUpperCase(), part] as const),
    ...(additional ? childrenOf(additional) : []),
  ];
}

/** What stands before the paths in the addresses of the servers; undefined where none are named. */
function listBases(part: Part): readonly string[] | undefined {
  const servers = childOf(part, 'servers');
  if (servers?.node.kind !== 'seq' || servers.node.items.length === 0) return undefined;
  return [...new Set(childrenOf(servers).map(([, server]) => readBase(server)))];
}

function readBase(server: Part): string {
  const variables = childOf(server, 'variables');
  const url = (textOf(server, 'url') ?? '').replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = variables && childOf(variables, name);
    return (variable && textOf(variable, 'default')) ?? '';
  });
  const path = url.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path === '' || path === '/' ? '' : `/${path.replaceAll(/^\/+|\/+$/g, '')}`;
}

function countParameters(name: string): number {
  return name.split('{').length;
}
