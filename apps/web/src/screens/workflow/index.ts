export { Workflow } from './workflow.tsx';
