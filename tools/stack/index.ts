export { startStack, type Stack, type StackOptions } from './start-stack.ts';
export { StackError } from './stack-error.ts';
export type { AppName, ProcessName } from './system.ts';
