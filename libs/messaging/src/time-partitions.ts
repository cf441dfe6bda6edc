import { sql, type Connection, type Logger } from '@tom/postgres';

/**
 * Keeps a table that is partitioned by range of a timestamptz in parts of one UTC day: makes those of yesterday to a
 * week ahead, and drops those that ended `days` or more ago. Rows without a part of their own lie in `<table>_default`;
 * when their part is made they move there. Making and dropping needs the whole table for a moment and gives up after a
 * second: the next call tries again. Frozen: migrations refer to it.
 */
export const dayPartitionsFunction = `
  create function keep_day_partitions(parent text, time_column text, today date, days int) returns int
  language plpgsql as $$
  declare
    day date;
    child text;
    span text;
    dropped int := 0;
  begin
    perform set_config('lock_timeout', '1s', true);
    for day in select generate_series(today - 1, today + 7, interval '1 day')::date loop
      child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
      continue when to_regclass(child) is not null;
      span := format('%I >= %L and %I < %L', time_column, day || ' 00:00:00+00', time_column, (day + 1) || ' 00:00:00+00');
      execute format('lock table %I in access exclusive mode', parent);
      execute format('create table %I (like %I including all)', child, parent);
      execute format('with moved as (delete from %I where %s returning *) insert into %I select * from moved',
        parent || '_default', span, child);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)',
        parent, child, day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
    end loop;
    for child in
      select c.relname from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
      where i.inhparent = parent::regclass and c.relname ~ ('^' || parent || '_[0-9]{8}$')
        and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= today - days
      order by c.relname
    loop
      execute format('drop table %I', child);
      dropped := dropped + 1;
    end loop;
    return dropped;
  end $$;`;

const keep = sql('day_partitions.keep', 'select keep_day_partitions($1, $2, $3::date, $4) as dropped');

/** Calls `keep_day_partitions`; answers how many days were dropped. Being kept out of the table is told and left for later. */
export async function keepDayPartitions(
  connection: Connection,
  table: { readonly name: string; readonly timeColumn: string; readonly days: number },
  now: Date,
  logger: Logger,
): Promise<number> {
  const today = now.toISOString().slice(0, 10);
  try {
    const [row] = await connection.query<{ dropped: number }>(keep, [table.name, table.timeColumn, today, table.days]);
    const dropped = row?.dropped ?? 0;
    if (dropped > 0) logger.info({ table: table.name, dropped }, 'days beyond the retention were dropped');
    return dropped;
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    logger.warn({ table: table.name }, 'the days of the table could not be kept: others use it; tried again later');
    return 0;
  }
}
