import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;

/** Ends a loop of kafkajs 2.2.4, in which each connection looks a thousand times a second for pending requests, also when there are none. */
export function calmKafkajs(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    // it is called again for each request that becomes pending
    if (this.pending.length > 0) schedule.call(this);
  };
}
