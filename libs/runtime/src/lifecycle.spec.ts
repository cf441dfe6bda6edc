import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';

function recorded(options: { stopWithinMs?: number } = {}) {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
  return { lifecycle: createLifecycle(logger, options), lines };
}

describe('createLifecycle', () => {
  it('starts in order, one after the other, and stops in reverse', async () => {
    const { lifecycle } = recorded();
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      lifecycle.add(name, {
        start: async () => {
          await new Promise((resolve) => setTimeout(resolve, name === 'a' ? 20 : 0));
          seen.push(`+${name}`);
        },
        stop: () => void seen.push(`-${name}`),
      });
    }
    await lifecycle.start();
    await lifecycle.stop();
    expect(seen).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
  });

  it('stops what was started when a part fails to start, and throws its error', async () => {
    const { lifecycle } = recorded();
    const seen: string[] = [];
    lifecycle.add('pool', { stop: () => void seen.push('-pool') });
    lifecycle.add('server', { start: () => void seen.push('+server'), stop: () => void seen.push('-server') });
    lifecycle.add('relay', {
      start: () => Promise.reject(new Error('port in use')),
      stop: () => void seen.push('-relay'),
    });
    lifecycle.add('never', { start: () => void seen.push('+never'), stop: () => void seen.push('-never') });
    await expect(lifecycle.start()).rejects.toThrow('port in use');
    expect(seen).toEqual(['+server', '-relay', '-server', '-pool']);
  });

  it('goes on stopping when a part fails or throws, and says which', async () => {
    const { lifecycle, lines } = recorded();
    let pool = 'open';
    lifecycle.add('pool', { stop: () => void (pool = 'closed') });
    lifecycle.add('rejecting', { stop: () => Promise.reject(new Error('no')) });
    lifecycle.add('throwing', {
      stop: () => {
        throw new Error('no');
      },
    });
    await lifecycle.stop();
    expect(pool).toBe('closed');
    expect(lines.map((line) => (JSON.parse(line) as { part: string }).part)).toEqual(['throwing', 'rejecting']);
  });

  it('leaves parts behind that hang, within the bound, and still stops the others', async () => {
    const { lifecycle, lines } = recorded({ stopWithinMs: 200 });
    let pool = 'open';
    lifecycle.add('pool', { stop: () => void (pool = 'closed') });
    for (const name of ['one', 'two', 'three']) lifecycle.add(name, { stop: () => new Promise(() => undefined) });
    const begun = performance.now();
    await lifecycle.stop();
    expect(performance.now() - begun).toBeLessThan(300);
    expect(pool).toBe('closed');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('left behind');
  });

  it('stops once, however often it is asked', async () => {
    const { lifecycle } = recorded();
    let stops = 0;
    lifecycle.add('part', { stop: () => void (stops += 1) });
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(stops).toBe(1);
  });

  it('does not start further parts once it was told to stop', async () => {
    const { lifecycle } = recorded();
    const seen: string[] = [];
    let release = () => {};
    lifecycle.add('slow', {
      start: () => new Promise<void>((resolve) => (release = resolve)),
      stop: () => void seen.push('-slow'),
    });
    lifecycle.add('next', { start: () => void seen.push('+next') });
    const starting = lifecycle.start();
    const stopped = lifecycle.stop();
    release();
    await expect(starting).rejects.toThrow('stopping');
    await stopped;
    expect(seen).toEqual(['-slow']);
    expect(() => lifecycle.add('late', {})).toThrow('late was added while');
  });

  it('starts parts that were added later when it is asked again', async () => {
    const { lifecycle } = recorded();
    const seen: string[] = [];
    lifecycle.add('a', { start: () => void seen.push('a') });
    await lifecycle.start();
    lifecycle.add('b', { start: () => void seen.push('b') });
    await lifecycle.start();
    expect(seen).toEqual(['a', 'b']);
  });
});
