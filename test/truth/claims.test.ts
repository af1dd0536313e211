import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DefectName, defects, listSteadyDefects } from '../../demo-services/shared/defects.ts';
import { sample } from '../support/sample.ts';
import { claims } from './claims.ts';

const root = join(import.meta.dirname, '..', '..');
const names = Object.keys(defects) as DefectName[];
const steady = listSteadyDefects();
const chosen = sample('defects and their claims', steady, { count: 20, kindOf: (name) => defects[name].service });

function readStepIds(flow: string): string[] {
  const document = parse(readFileSync(join(root, 'examples', flow), 'utf8'));
  const content = document.flow ?? document;
  const watching = content.effects ? ['effects'] : [];
  return [...[...(content.setup ?? []), ...content.steps].map((step: { id: string }) => step.id), ...watching];
}

function readService(service: string): string {
  const folder = join(root, 'demo-services', service);
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

describe('the registry of defects', () => {
  test('has at least 40, each with one sentence', () => {
    expect(names.length).toBeGreaterThanOrEqual(40);
    const sentences = names.map((name) => defects[name].sentence);
    expect(new Set(sentences).size).toBe(names.length);
    expect(sentences.filter((sentence) => sentence === '' || sentence.endsWith('.'))).toEqual([]);
  });

  test.each(chosen)('%s bites in the code of its service', (name) => {
    expect(readService(defects[name].service)).toMatch(new RegExp(`hasDefect\\('${name}'\\)|^ +${name}: `, 'm'));
  });
});

describe('the claims', () => {
  test('are made for every defect that shows every time, and for nothing else', () => {
    expect(Object.keys(claims).sort()).toEqual([...steady].sort());
  });

  test.each(chosen)('%s is caught by a step that is there, with a cause that the report must name', (name) => {
    const { flow, step, cause } = claims[name];
    expect(readStepIds(flow)).toContain(step);
    expect(cause.length).toBeGreaterThan(0);
  });
});
