import { isAbsolute, relative } from 'node:path';

/** How a file is named to somebody who stands in a folder: from there when it lies below, else as it is. */
export function shownFrom(folder: string): (file: string) => string {
  return (file) => {
    const path = relative(folder, file);
    return path.startsWith('..') || isAbsolute(path) ? file : path;
  };
}
