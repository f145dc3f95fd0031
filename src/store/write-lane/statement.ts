/*
 * A whole batch of writes in one statement, so in one commit: heads, texts, EVSE rows, change rows, CDR deliveries
 * and counts (docs/adr/0002-write-lane.md). It is put together of the parts that the batch needs: each part costs some
 * 40 us, whatever it does, and the hottest batch, EVSE rows of known locations, needs three of ten. `n` ties the arrays
 * together. A head is guarded by the version of its state alone; what hangs below it (`ok`) is written only where the
 * guard held, so a lost race leaves nothing behind. New heads are inserted in key order before existing ones are
 * locked in id order: two lanes never wait for each other in a circle. Answers the `n` that were written.
 */

/** The arrays of a part: PostgreSQL type and column name of each, in the order of the values. */
export type Columns = readonly (readonly [type: string, name: string])[];

/** What every batch says of its objects. */
export const OBJ: Columns = [
  ['int', 'n'],
  ['bigint', 'id'],
  ['bigint', 'version'],
  ['text', 'own'],
  ['text', 'shown'],
  ['timestamptz', 'at'],
];

/** And where heads are made or turned. */
export const HEADS: Columns = [
  ['smallint', 'module'],
  ['int', 'owner'],
  ['text', 'key'],
  ['int', 'counterpart'],
  ['bool', 'deleted'],
  ['text', 'sent_id'],
];

/** Parts with arrays of their own, in the order in which they stand. */
export const ROWS = {
  texts: [
    ['int', 'n'],
    ['text', 'text'],
  ],
  gone: [
    ['int', 'n'],
    ['text', 'key'],
  ],
  evses: [
    ['int', 'n'],
    ['text', 'key'],
    ['int', 'place'],
    ['text', 'text'],
  ],
  changes: [
    ['int', 'n'],
    ['text', 'part'],
    ['text', 'correlation_id'],
  ],
  deliveries: [
    ['int', 'n'],
    ['int', 'receiver'],
    ['text', 'correlation_id'],
    ['text', 'state'],
    ['text', 'location_url'],
  ],
  counts: [
    ['int', 'n'],
    ['int', 'counterpart'],
    ['int', 'delta'],
  ],
} satisfies Record<string, Columns>;

export type RowPart = keyof typeof ROWS;
export const ROW_PARTS: readonly RowPart[] = ['texts', 'gone', 'evses', 'changes', 'deliveries', 'counts'];

/** What a batch holds: new heads, known ones, known ones whose counterpart or deletion changes, and rows. */
export interface BatchShape {
  made: boolean;
  known: boolean;
  turned: boolean;
  rows: ReadonlySet<RowPart>;
}

const ROW_SQL: Record<RowPart, (from: string) => string> = {
  texts: (
    from,
  ) => `insert into object_text (head_id, text) select ok.id, r.text from ${from} join ok on ok.n = r.n
      on conflict (head_id) do update set text = excluded.text`,
  gone: (from) =>
    `delete from evse e using ${from} join ok on ok.n = r.n where e.head_id = ok.id and e.key = r.key`,
  evses: (from) => `insert into evse (head_id, key, place, text)
      select ok.id, r.key, r.place, r.text from ${from} join ok on ok.n = r.n
      on conflict (head_id, key) do update set place = excluded.place, text = excluded.text`,
  changes: (from) => `insert into change (head_id, version, owner, module, part, correlation_id)
      select ok.id, ok.version, ok.owner, ok.module, r.part, r.correlation_id
        from ${from} join ok on ok.n = r.n`,
  deliveries: (from) => `insert into cdr_delivery (head_id, receiver, correlation_id, state, location_url)
      select ok.id, r.receiver, r.correlation_id, r.state, r.location_url from ${from} join ok on ok.n = r.n
      on conflict (head_id) do update set receiver = excluded.receiver, correlation_id = excluded.correlation_id,
        state = excluded.state, location_url = excluded.location_url, error = null, holder = null,
        updated_at = now()`,
  counts: (from) => `insert into object_count as c (module, owner, counterpart, count)
      select ok.module, ok.owner, r.counterpart, sum(r.delta) from ${from} join ok on ok.n = r.n
       group by 1, 2, 3 order by 1, 2, 3
      on conflict (module, owner, counterpart) do update set count = c.count + excluded.count`,
};

const MADE = `made as (
      insert into head (module, owner, key, counterpart, deleted, sent_id)
      select module, owner, key, counterpart, deleted, sent_id from obj where id is null order by key
      on conflict (key) do nothing
      returning id, key
    ), begun as (
      insert into head_state (head_id, version, last_updated, own_last_updated, shown_last_updated, module, owner, counterpart)
      select m.id, 1, o.at, o.own, o.shown, case when o.deleted then 0 else o.module end, o.owner, o.counterpart
        from made m join obj o on o.key = m.key
    )`;

/*
 * One pass: locking the rows first, in a part of its own, costs 10 % at batches of 16 and 20 % at 64. The order of the
 * subquery is that of the locks, as nothing but a nested loop over it is planned.
 */
const known = ({ made, turned }: BatchShape): string => `changed as (
      update head_state s set version = o.version + 1, own_last_updated = o.own, shown_last_updated = o.shown,
             last_updated = o.at
             ${turned ? ', counterpart = o.counterpart, module = case when o.deleted then 0 else o.module end' : ''}
        from (select * from obj ${made ? 'where (select count(*) from made) >= 0' : ''} order by id) o
       where s.head_id = o.id and s.version = o.version
      returning o.n, s.head_id as id, s.version, s.owner, ${turned ? 'o' : 's'}.module
    )`;

const TURNED = `turned as (
      update head h set deleted = o.deleted, counterpart = o.counterpart
        from changed c join obj o on o.n = c.n where h.id = c.id
    )`;

const OK_MADE = `select o.n, m.id, 1::bigint as version, o.owner, o.module from made m join obj o on o.key = m.key`;
const OK_KNOWN = `select n, id, version, owner, module from changed`;

function ok(shape: BatchShape): string {
  const parts = [...(shape.made ? [OK_MADE] : []), ...(shape.known ? [OK_KNOWN] : [])];
  return `ok as materialized (${parts.join(' union all ')})`;
}

/** The arrays that describe the objects of a batch of this shape. */
export const saysHeads = (shape: BatchShape): boolean => shape.made || shape.turned;
const objectColumns = (shape: BatchShape): Columns => (saysHeads(shape) ? [...OBJ, ...HEADS] : OBJ);

function build(shape: BatchShape): string {
  let parameter = 0;
  const from = (columns: Columns, alias: string): string => {
    const arrays = columns.map(([type]) => `$${++parameter}::${type}[]`).join(', ');
    return `unnest(${arrays}) as ${alias}(${columns.map(([, name]) => name).join(', ')})`;
  };
  const parts = [`obj as materialized (select * from ${from(objectColumns(shape), 'o')})`];
  if (shape.made) parts.push(MADE);
  if (shape.known) parts.push(known(shape));
  if (shape.turned) parts.push(TURNED);
  parts.push(ok(shape));
  for (const part of ROW_PARTS) {
    if (shape.rows.has(part)) parts.push(`${part} as (${ROW_SQL[part](from(ROWS[part], 'r'))})`);
  }
  return `with ${parts.join(', ')} select n, id from ok`;
}

export interface WriteStatement {
  name: string;
  text: string;
  /** Nothing but its own arrays is joined, and they are long: by hash. Its plan must be made under BULK_SETTINGS. */
  bulk: boolean;
}

const statements = new Map<string, WriteStatement>();

/** Arrays of so many are joined by hash; below, what the settings cost would not come back. */
const BULK = 48;
export const BULK_SETTINGS = 'set enable_hashjoin = on; set enable_nestloop = off';
export const USUAL_SETTINGS = 'set enable_hashjoin = off; set enable_nestloop = on';

/** The statement for batches of this shape; named, so that it is planned once. */
export function writeStatement(shape: BatchShape, size: number): WriteStatement {
  const bulk = shape.made && !shape.known && size >= BULK;
  const flags = [
    bulk && 'bulk',
    shape.made && 'made',
    shape.known && 'known',
    shape.turned && 'turned',
    ...ROW_PARTS.filter((p) => shape.rows.has(p)),
  ];
  const name = `write_${flags.filter(Boolean).join('_')}`;
  let statement = statements.get(name);
  if (!statement) statements.set(name, (statement = { name, text: build(shape), bulk }));
  return statement;
}
