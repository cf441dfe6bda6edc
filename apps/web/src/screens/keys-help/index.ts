export { KeysHelp } from './keys-help.tsx';
