import type { ScalarNode } from '../../source/yaml/node.ts';
import { CODES } from '../read/findings.ts';
import { readNamedFile } from '../read/named-file.ts';
import { describeStrayLines, readEnv } from '../read/read-env.ts';
import type { ProjectContext } from './written-companion.ts';

/** The variables of a dotenv file that testmesh.yaml names; none where it cannot be read, which is reported. */
export function readEnvFile(
  name: ScalarNode,
  context: Pick<ProjectContext, 'file' | 'findings' | 'readFile'>,
): ReadonlyMap<string, string> {
  const named = readNamedFile(name.text, CODES.envFile, { ...context, fileWord: 'testmesh.yaml' });
  const { variables, strayLines } = readEnv(named?.text ?? '');
  if (strayLines.length > 0) {
    const { message, help } = describeStrayLines(name.text.text, strayLines);
    context.findings.warn(CODES.strayLine, message, name.span, [help]);
  }
  return new Map(variables.map(({ name: key, value }) => [key, value]));
}
