import { takeShown } from '../../util/take-shown.ts';
import type { Failure } from './failures.ts';
import { isInside, type StepNode } from './step-node.ts';

const MAX_FAILURES = 50;

/** What went wrong in a flow, as far as nothing forgave it: a few failures, and how many more there are. */
export class FailureList {
  #listed: { readonly failure: Failure; readonly node: StepNode | undefined }[] = [];
  #more = 0;
  /** How many more there are in each control. */
  readonly #moreIn = new Map<StepNode, number>();

  get failures(): readonly Failure[] {
    return this.#shown.shown.map(({ failure }) => failure);
  }

  get more(): number {
    return this.#shown.hidden;
  }

  add(failure: Failure, node?: StepNode): void {
    if (this.#listed.length <= MAX_FAILURES) this.#listed.push({ failure, node });
    else this.#countMore(node, 1);
  }

  /** Takes out what failed inside of a control that passed all the same: that is no failure of the flow. */
  forgive(control: StepNode): void {
    if (this.#listed.length > 0) this.#listed = this.#listed.filter(({ node }) => !isInside(node, control));
    const more = this.#moreIn.get(control) ?? 0;
    if (more > 0) this.#countMore(control, -more);
  }

  /** The control is over: nothing more can be forgiven through it. */
  close(control: StepNode): void {
    this.#moreIn.delete(control);
  }

  get #shown() {
    return takeShown(this.#listed, MAX_FAILURES, this.#more);
  }

  #countMore(node: StepNode | undefined, count: number): void {
    this.#more += count;
    for (let around = node?.parent; around; around = around.parent)
      this.#moreIn.set(around, (this.#moreIn.get(around) ?? 0) + count);
  }
}
