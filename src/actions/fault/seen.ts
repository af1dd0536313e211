/** A request as a fault that `match`es looks at it. */
export interface Passed {
  readonly name: string;
  /** What differs from what is matched, and how much that is. */
  readonly distance: number;
  readonly lines: readonly string[];
}

/** What a fault saw of what went through while it was set, to say why nothing met it. */
export class Seen {
  /** Connections, or requests, that could have met it. */
  things = 0;
  /** Those of them that are of its share. */
  chosen = 0;
  /** The most bytes that went through of one of these. */
  mostBytes = 0;
  /** Requests that it does not match. */
  passed = 0;
  /** The nearest of those. */
  nearest: Passed | undefined;
  /** What the proxy had counted when it was over by itself. */
  whenOver: number | undefined;
  /** Of Kafka: to what records went. */
  readonly topics = new Set<string>();

  noteThing(isChosen: boolean): void {
    this.things++;
    if (isChosen) this.chosen++;
  }

  noteSize(bytes: number): void {
    this.mostBytes = Math.max(this.mostBytes, bytes);
  }

  notePassed(request: Passed): void {
    this.passed++;
    if (!this.nearest || request.distance < this.nearest.distance) this.nearest = request;
  }

  noteTopics(topics: readonly string[]): void {
    for (const topic of topics) if (this.topics.size < 5) this.topics.add(topic);
  }
}
