import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { KNOWN_METHOD, methodHash, stopIdleTimer } from './idle-timer.ts';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
}

const require = createRequire(import.meta.url);
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
const quiet = { debug: () => undefined };
const queue = () =>
  new RequestQueue({ maxInFlightRequests: null, requestTimeout: 1_000, clientId: 'c', broker: 'b', logger: quiet });

afterEach(() => vi.useRealTimers());

it('is written for the method of this kafkajs: whoever updates it reads the new one, then changes KNOWN_METHOD', () => {
  expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
  expect(methodHash()).toBe(KNOWN_METHOD);
});

it('arms no timer for nothing, and one for what waits', () => {
  vi.useFakeTimers();
  stopIdleTimer();
  const idle = queue();
  idle.scheduleCheckPendingRequests();
  idle.checkPendingRequests();
  expect(vi.getTimerCount()).toBe(0);
  const throttled = queue();
  throttled.throttledUntil = Date.now() + 500;
  throttled.pending.push({});
  throttled.scheduleCheckPendingRequests();
  expect(vi.getTimerCount()).toBe(1);
});
