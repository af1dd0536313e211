import { compilePath } from '../../util/path-pattern.ts';
import { findNearest } from '../../util/suggest.ts';
import type { StubRequest } from './received.ts';

/** Of a path that nothing came to: a request whose path is spelled nearly so; undefined when there is none, or something came to the path. */
export function findNearRequest(path: string, requests: Iterable<StubRequest>): StubRequest | undefined {
  const pattern = compilePath(path);
  let near: StubRequest | undefined;
  for (const request of requests) {
    if (pattern.match(request.path)) return undefined;
    if (!near && isNear(path, request.path)) near = request;
  }
  return near;
}

function isNear(wanted: string, path: string): boolean {
  const [ours, theirs] = [wanted, path].map((text) => text.replace(/\/$/, '').split('/'));
  if (!ours || !theirs || ours.length !== theirs.length) return false;
  return ours.every((segment, index) => isNearSegment(segment, theirs[index] ?? ''));
}

/** Ids and numbers that differ mean something else. */
function isNearSegment(wanted: string, segment: string): boolean {
  if (wanted === segment || /^:|\{|^\*$/.test(wanted)) return true;
  return !/\d/.test(wanted + segment) && findNearest(wanted, [segment]) !== undefined;
}
