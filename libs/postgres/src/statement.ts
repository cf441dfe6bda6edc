/** SQL with a name: prepared once on each connection, so its text must never vary under the same name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Names a statement, as in `sql('task.insert', 'insert into …')`; parameters are `$1`, `$2`, … */
export function sql(name: string, text: string): Statement {
  return { name, text };
}
