/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type YamlPath = readonly (string | number)[];

export interface YamlFile<T> {
  readonly value: T;
  readonly text: string;
  readonly file: string;
  place(path: YamlPath): Position;
}

export function readYaml<T>(source: string | { readonly path: string; readonly text: string }, jsonSchema: object): YamlFile<T> {
  throw new Error(`${String(source)} ${Object.keys(jsonSchema)}`);
}
