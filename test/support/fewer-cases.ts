import fc from 'fast-check';
import { repeats } from './sample.ts';

// properties that say no number of their own
fc.configureGlobal({ numRuns: repeats('cases of a property that says no number', 100, 10) });
