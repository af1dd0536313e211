import type { ActionDefinition } from '../../model/action/definition.ts';
import { findEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { KnownConnections, PlanContext } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import { makeScalar, replaceEntry } from './synthetic.ts';

const NAME = /^[A-Za-z_$][\w$-]*$/;

type Context = Pick<PlanContext, 'flowSettings' | 'findings'>;

/** The settings with those of the connection of testmesh.yaml that they name in the place of its name. */
export function placeConnection(config: Node, { settings, name }: ActionDefinition, context: Context): Node {
  const { connection } = settings;
  if (!connection || config.kind !== 'map') return config;
  const { setting, gives } = connection;
  const spellings = Object.entries(settings.aliases ?? {}).flatMap(([word, meant]) =>
    meant === setting ? [word] : [],
  );
  const entry = [setting, ...spellings].map((word) => findEntry(config, word)).find((one) => one !== undefined);
  const named = entry?.value;
  if (named?.kind !== 'scalar' || typeof named.value !== 'string' || !NAME.test(named.value)) return config;
  const { connections } = context.flowSettings ?? {};
  const isAlone = gives.length === 1;
  // Where nothing has names, a text that is no address is told as that.
  if (!connections && gives.includes(setting)) return config;
  const found = connections?.here.get(named.value);
  const { entries } = config;
  const rest = { ...config, entries: entries.filter((one) => one !== entry) };
  const doubled = gives.map((key) => findEntry(rest, key)).find((one) => one !== undefined);
  if (doubled) {
    const message = `\`${setting}\` names a connection, which has \`${doubled.key.text.text}\` already`;
    context.findings.error(CODES.bothSpellings, message, doubled.key.span, ['write one of the two']);
    return rest;
  }
  if (found && (found.kind === 'map') === !isAlone) return give(rest, found, gives);
  const { message, help } = found
    ? describeOther(named.value, name, isAlone)
    : describeUnknown(named.value, connections);
  context.findings.error(CODES.unknownConnection, message, named.span, [help]);
  // One that is well formed: what else is wrong with the step is still told.
  const any = isAlone ? 'postgres://localhost/unknown' : 'localhost:9092';
  return replaceEntry(rest, gives[0] ?? setting, makeScalar(isAlone ? (connection.any ?? any) : any, named.span));
}

function give(config: MapNode, connection: Node, gives: readonly string[]): MapNode {
  const [only = ''] = gives;
  if (connection.kind !== 'map') return replaceEntry(config, only, connection);
  return gives.reduce((map, key) => {
    const value = findEntry(connection, key)?.value;
    return value ? replaceEntry(map, key, value) : map;
  }, config);
}

function describeOther(name: string, action: string, isAlone: boolean): { message: string; help: string } {
  return isAlone
    ? {
        message: `\`${action}\` needs an address, and \`${name}\` has brokers`,
        help: 'name a connection that is a text',
      }
    : {
        message: `\`${action}\` needs brokers, and \`${name}\` is an address`,
        help: `name a connection that is \`{brokers: "host:9092"}\``,
      };
}

function describeUnknown(
  name: string,
  { environment, here, elsewhere }: KnownConnections = {
    environment: undefined,
    here: new Map(),
    elsewhere: new Map(),
  },
): { message: string; help: string } {
  const others = elsewhere.get(name) ?? [];
  const where = environment === undefined ? 'no environment is chosen' : `environment \`${environment}\` has no`;
  if (others.length > 0) {
    const has = `${listNames(others, 5)} ${others.length === 1 ? 'has' : 'have'} one`;
    const [first = ''] = others;
    return environment === undefined
      ? { message: `there is no connection \`${name}\`: ${where}`, help: `${has}: \`-e ${first}\` chooses it` }
      : {
          message: `${where} connection \`${name}\``,
          help: `${has}: add it to \`${environment}\`, or choose \`-e ${first}\``,
        };
  }
  const nearest = findNearest(name, [...here.keys(), ...elsewhere.keys()]);
  const names = [...here.keys()];
  const all = names.length === 0 ? undefined : `there is ${listNames(names, 20)}`;
  const example = `write it into testmesh.yaml, below its environment: \`connections: {${name}: …}\``;
  return {
    message: `there is no connection \`${name}\``,
    help: nearest === undefined ? (all ?? example) : `did you mean \`${nearest}\`?`,
  };
}
