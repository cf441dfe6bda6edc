export { Case } from './case.tsx';
