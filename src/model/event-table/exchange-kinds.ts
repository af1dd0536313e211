import type { Exchange } from '../exchange.ts';
import { type Kind, optional, record, text } from './kinds.ts';

export const exchange: Kind<Exchange> = record<Exchange>('exchange', {
  sent: optional(text()),
  sentBody: optional(text()),
  received: optional(text()),
  receivedBody: optional(text()),
  byHand: optional(text()),
});
