export { MyCases } from './my-cases.tsx';
