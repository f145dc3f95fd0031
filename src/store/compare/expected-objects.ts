import type { Pool } from 'pg';
import type { VisibleSet } from '../../domain/visibility';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { numbersOf } from '../../ocpi/versions';
import { IN_LEVELS, wholeText } from '../objects/text';

/** What a receiver should have; `text` null: it should not (a deleted tariff). */
export interface ExpectedObject {
  head_id: string;
  version: string;
  owner: number;
  sent_id: string;
  text: string | null;
  /** Where a delivered CDR is. */
  location_url: string | null;
}

type Row = Omit<ExpectedObject, 'text'> & {
  deleted: boolean;
  shown: string;
  text: string | null;
  evses: string[] | null;
};

type Visible = VisibleSet<OwnedModuleDescriptor>;

/** Modules whose objects are delivered once: CDRs. */
const DELIVERED = numbersOf(({ push }) => push === 'POST');

/*
 * $1 module, $2 owners, $3 concerning, $4 viewer, $5 modules whose objects are delivered once, $6 modules in levels.
 * Of what is delivered once that which was delivered.
 */
const VISIBLE = `h.module = $1 and (h.owner = any($2::int[]) or (h.counterpart = $4 and h.owner = any($3::int[])))
  and ($1 <> all($5::smallint[]) or exists (select from cdr_delivery d where d.head_id = h.id and d.state = 'delivered'))`;

const OBJECTS = `
  select h.id::text as head_id, s.version::text as version, h.owner, h.deleted, h.sent_id,
         s.shown_last_updated as shown, t.text, d.location_url,
         case when h.module = any($6::smallint[]) then
           (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id) end as evses
    from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id
    left join cdr_delivery d on h.module = any($5::smallint[]) and d.head_id = h.id`;

const whoSees = (visible: Visible): unknown[] => [
  visible.module.number,
  visible.owners,
  visible.concerning,
  visible.viewer,
  DELIVERED,
  IN_LEVELS,
];

const objectOf =
  ({ module }: Visible) =>
  ({ deleted, shown, text, evses, ...row }: Row): ExpectedObject => ({
    ...row,
    text: deleted || text === null ? null : wholeText(module, { shown, text, evses }),
  });

/** A page of them by creation number. */
export async function expectedPage(
  pool: Pool,
  visible: Visible,
  place: { after: string; limit: number },
): Promise<ExpectedObject[]> {
  const { rows } = await pool.query<Row>(
    `${OBJECTS} where h.id = any(array(
       select h.id from head h where ${VISIBLE} and h.id > $7 order by h.id limit $8)) order by h.id`,
    [...whoSees(visible), place.after, place.limit],
  );
  return rows.map(objectOf(visible));
}

/**
 * So many of them, those behind random creation numbers (and the first for points that met); all where there are no
 * more.
 */
export async function expectedSample(pool: Pool, visible: Visible, size: number): Promise<ExpectedObject[]> {
  const all = await expectedPage(pool, visible, { after: '0', limit: size + 1 });
  if (all.length <= size) return all;
  const { rows } = await pool.query<Row>(
    `${OBJECTS} where h.id = any(array(
       select distinct found.id from (
         select floor(low + random() * (high - low + 1))::bigint as point
           from (select min(id) as low, max(id) as high from head where module = $1) ends, generate_series(1, $7)) points,
         lateral (select h.id from head h where ${VISIBLE} and h.id >= points.point order by h.id limit 1) found))
      order by h.id`,
    [...whoSees(visible), size],
  );
  const drawn = new Set(rows.map((row) => row.head_id));
  const rest = all.filter((object) => !drawn.has(object.head_id)).slice(0, size - rows.length);
  return [...rows.map(objectOf(visible)), ...rest];
}

/** Those of these objects whose push to a receiver may be under way: they may well differ. */
export async function pendingObjects(
  pool: Pool,
  receiver: number,
  heads: readonly string[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    `select h.id::text as id from position p, head h
      where p.receiver = $1 and h.id = any($2::bigint[])
        and (h.id > p.full_push or exists (
          select from change c where (c.xid, c.number) > (p.xid, p.number)
             and (c.head_id = h.id or (c.head_id is null and c.owner = h.owner))))`,
    [receiver, heads],
  );
  return new Set(rows.map((row) => row.id));
}

/** Those of these objects that have changed since they were read. */
export async function changedSince(
  pool: Pool,
  objects: readonly { head_id: string; version: string }[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    `select i.id::text as id from unnest($1::bigint[], $2::bigint[]) as i(id, version)
       left join head_state s on s.head_id = i.id where s.version is distinct from i.version`,
    [objects.map((object) => object.head_id), objects.map((object) => object.version)],
  );
  return new Set(rows.map((row) => row.id));
}
