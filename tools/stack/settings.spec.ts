import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('the settings of the start', () => {
  it('have defaults', () => {
    expect(readSettings({}, '/checkout')).toEqual({
      dataDir: '/checkout/.tom',
      port: 8080,
      host: '127.0.0.1',
      demoData: true,
      transport: 'postgres',
      instances: 1,
    });
  });

  it('are taken from the environment; an empty one is none', () => {
    const environment = { PORT: '0', HOST: '0.0.0.0', TOM_DATA_DIR: '/data', TOM_DEMO_DATA: 'off' };
    expect(readSettings(environment, '/checkout')).toEqual({
      dataDir: '/data',
      port: 0,
      host: '0.0.0.0',
      demoData: false,
      transport: 'postgres',
      instances: 1,
    });
    expect(readSettings({ PORT: '', TOM_DEMO_DATA: '' }, '/checkout')).toEqual(readSettings({}, '/checkout'));
  });

  it.each(['0', '5', '2.5', 'two'])('refuse TOM_INSTANCES=%s', (TOM_INSTANCES) => {
    expect(() => readSettings({ TOM_INSTANCES }, '/checkout')).toThrow(
      `Bad setting: TOM_INSTANCES is "${TOM_INSTANCES}" but must be a number from 1 to 4.`,
    );
  });

  it('give a system on Kafka a data folder of its own', () => {
    expect(readSettings({ TOM_TRANSPORT: 'kafka' }, '/checkout')).toMatchObject({
      transport: 'kafka',
      dataDir: '/checkout/.tom-kafka',
    });
    expect(() => readSettings({ TOM_TRANSPORT: 'rabbit' }, '/checkout')).toThrow(
      'Bad setting: TOM_TRANSPORT is "rabbit" but must be postgres or kafka.',
    );
  });

  it.each(['eighty', '-1', '65536', '80.5', '8080x'])('refuse PORT=%s', (PORT) => {
    expect(() => readSettings({ PORT }, '/checkout')).toThrow(
      `Bad setting: PORT is "${PORT}" but must be a number from 0 (any free port) to 65535.`,
    );
  });

  it('name everything wrong at once, in one line', () => {
    expect(() => readSettings({ PORT: 'x', TOM_DEMO_DATA: 'maybe' }, '/checkout')).toThrow(
      /^Bad setting: PORT is "x" .*; TOM_DEMO_DATA is "maybe" but must be on or off\.$/,
    );
  });
});
