import type { NameRef } from './plan.ts';

/** `steps["create-user"].body.id` as the name it stands for: `create-user`, and what follows. */
export function toPlainRef(ref: NameRef): NameRef {
  const [id, ...path] = ref.path;
  return ref.name === 'steps' && typeof id === 'string' ? { ...ref, name: id, path } : ref;
}
