import { loadConfig, runMain } from '@tom/runtime';
import { startApp } from './app.ts';
import { configDefinition } from './config.ts';

void runMain((environment, signal) => startApp(loadConfig(configDefinition, environment), { signal }));
