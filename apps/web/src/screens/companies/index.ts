export { Companies } from './companies.tsx';
