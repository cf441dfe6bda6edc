import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ service: 'task-service', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object a line with service, level and time', () => {
    const [line] = logged((logger) => logger.info({ method: 'm' }, 'call'));
    expect(line).toMatchObject({ service: 'task-service', level: 'info', method: 'm', msg: 'call' });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('tells where a fault is and why, but not the rows that a driver attached to it', () => {
    const fault = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(maria@example.org) already exists.',
      parameters: ['maria@example.org'],
    });
    const [line] = logged((logger) => logger.error({ err: new Error('cannot save', { cause: fault }) }, 'call failed'));
    expect(line?.['err']).toMatchObject({
      type: 'Error',
      message: 'cannot save',
      cause: { code: '23505', message: 'duplicate key' },
    });
    expect(JSON.stringify(line)).not.toContain('maria');
  });

  it('keeps below its level quiet', () => {
    expect(logged((logger) => logger.debug('nothing'))).toEqual([]);
  });
});
