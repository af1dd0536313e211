/** From where on messages count. */
export type Since =
  | { readonly kind: 'flow' }
  | { readonly kind: 'now' }
  | { readonly kind: 'earliest' }
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'time'; readonly ms: number };

/** Says from where on, as the end of a sentence: `since the beginning of this run`. */
export function describeSince(since: Since): string {
  switch (since.kind) {
    case 'flow':
      return 'since the beginning of this run';
    case 'now':
      return 'since the beginning of this step';
    case 'earliest':
      return 'since the beginning of the topic';
    case 'step':
      return `since step \`${since.id}\``;
    case 'ago':
      return `since ${since.ms / 1000} s before this step`;
    case 'time':
      return `since ${new Date(since.ms).toISOString()}`;
    default:
      return since satisfies never;
  }
}
