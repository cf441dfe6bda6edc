export { WorkList } from './work-list.tsx';
