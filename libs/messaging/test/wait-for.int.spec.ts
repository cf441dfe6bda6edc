import { newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor, type Broker } from '../src/index.ts';
import { createTestBroker, messageOf, type TestBroker } from '../src/testing.ts';
import { ResultMade, ThingHappened } from './harness.ts';

const topics = [ThingHappened.topic, ResultMade.topic];

describe('waitFor', () => {
  let log: TestBroker;
  beforeAll(async () => {
    log = await createTestBroker();
  });
  afterAll(() => log.drop());

  it('sees what is published after it resolved, of its correlation alone, with the data', async () => {
    const correlationId = newId();
    await log.broker.publish([messageOf(ThingHappened, { n: 0 }, { correlationId })]);
    const watch = await waitFor(log.broker, { topics, correlationId });
    await log.broker.publish([
      messageOf(ThingHappened, { n: 1 }, { correlationId }),
      messageOf(ThingHappened, { n: 2 }),
      messageOf(ResultMade, { n: 3 }, { correlationId }),
    ]);
    let seen: unknown[] = [];
    const done = await watch.until((envelopes) => {
      seen = envelopes.map(({ type, data }) => [type, data]);
      return envelopes.some(({ type }) => type === ResultMade.typeName) && envelopes.length === 2;
    }, 5_000);
    expect(done).toBe(true);
    expect(seen).toHaveLength(2);
    expect(seen).toContainEqual([ThingHappened.typeName, { n: 1 }]);
    expect(seen).toContainEqual([ResultMade.typeName, { n: 3 }]);
    watch.close();
  });

  it('answers false when the time is up, and has kept what came before it was asked', async () => {
    const correlationId = newId();
    const watch = await waitFor(log.broker, { topics, correlationId });
    expect(await watch.until(() => false, 50)).toBe(false);
    await log.broker.publish([messageOf(ThingHappened, { n: 1 }, { correlationId })]);
    expect(await watch.until((seen) => seen.length === 1, 5_000)).toBe(true);
    expect(await watch.until((seen) => seen.length === 1, 0)).toBe(true);
    watch.close();
  });

  it('shares one reader among all who wait and has none when nobody does', async () => {
    let opened = 0;
    let open = 0;
    const counting: Broker = {
      ...log.broker,
      reader: async (options) => {
        opened += 1;
        open += 1;
        const reader = await log.broker.reader(options);
        return { ...reader, close: async () => void ((open -= 1), await reader.close()) };
      },
    };
    const correlations = Array.from({ length: 20 }, () => newId());
    const watches = await Promise.all(
      correlations.map((correlationId) => waitFor(counting, { topics, correlationId })),
    );
    expect(opened).toBe(1);
    await log.broker.publish(
      correlations.map((correlationId, n) => messageOf(ThingHappened, { n }, { correlationId })),
    );
    expect(await Promise.all(watches.map((watch) => watch.until((seen) => seen.length === 1, 5_000)))).not.toContain(
      false,
    );
    for (const watch of watches) watch.close();
    await expect.poll(() => open).toBe(0);
    const again = await waitFor(counting, { topics, correlationId: newId() });
    expect(opened).toBe(2);
    again.close();
  });

  it('does not stumble over a malformed message', async () => {
    const correlationId = newId();
    const watch = await waitFor(log.broker, { topics, correlationId });
    const sound = messageOf(ThingHappened, { n: 1 }, { correlationId });
    await log.broker.publish([{ ...sound, headers: { ce_correlationid: correlationId } }, sound]);
    expect(await watch.until((seen) => seen.length === 1, 5_000)).toBe(true);
    watch.close();
  });

  it('tells who asks that the log is away', async () => {
    const away: Broker = { ...log.broker, reader: () => Promise.reject(new Error('away')) };
    await expect(waitFor(away, { topics, correlationId: newId() })).rejects.toThrow('away');
  });
});
