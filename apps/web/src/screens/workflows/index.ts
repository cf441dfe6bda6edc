export { Workflows } from './workflows.tsx';
