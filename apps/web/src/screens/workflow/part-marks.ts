import { createContext } from 'react';
import type { PartMark } from './parts-of.ts';

/** What is different about parts against the version that is compared with. */
export const PartMarks = createContext<ReadonlyMap<string, PartMark>>(new Map());
