import { loadConfig, runMain } from '@tom/runtime';
import { startApp } from './app.ts';
import { configDefinition } from './config.ts';

void runMain((environment) => startApp(loadConfig(configDefinition, environment)));
