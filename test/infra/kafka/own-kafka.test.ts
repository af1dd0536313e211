import { afterAll } from 'vitest';
import { stopOwnKafka } from './own-kafka.ts';

afterAll(stopOwnKafka);

// The first has one broker alone: the second broker of the other suite does not ask who one is.
await import('./security.ts');
await import('./leader-away.ts');
await import('./proxied-cluster.ts');
