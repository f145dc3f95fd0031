import { instantOf, toTimestamp } from '../../domain/instants';
import type { LaneObject } from './lane-object';
import {
  HEADS,
  OBJ,
  ROWS,
  ROW_PARTS,
  saysHeads,
  writeStatement,
  type Columns,
  type RowPart,
  type WriteStatement,
} from './statement';
import { textArray } from './text-array';
import { storedKey } from '../objects/types';

/* A batch of decided objects as the statement that writes it and its arguments. */

/** A last_updated that is no date was refused long before; the epoch keeps a row readable all the same. */
const timestampOf = (text: string): string => toTimestamp(instantOf(text) ?? 0);

type Row = readonly (string | number | boolean | null)[];

const objectRow = (o: LaneObject): Row => [
  o.n,
  o.id,
  o.version,
  o.current.last_updated,
  o.current.shown_last_updated,
  timestampOf(o.current.shown_last_updated),
];

const headRow = (o: LaneObject): Row => [
  o.object.module.number,
  o.object.owner,
  storedKey(o.object),
  o.current.counterpart,
  o.current.deleted,
  o.object.id,
];

function evseRow(object: LaneObject, key: string): Row {
  const evse = object.current.evses.get(key);
  return [object.n, key, evse?.place ?? 0, evse?.text ?? '{}'];
}

/** An object counts from its creation to its deletion, under its counterpart of the time. */
function countRows(object: LaneObject): Row[] {
  const before = object.counted;
  const now = object.current.deleted ? undefined : (object.current.counterpart ?? 0);
  if (before === now) return [];
  return [
    ...(before === undefined ? [] : [[object.n, before, -1]]),
    ...(now === undefined ? [] : [[object.n, now, 1]]),
  ];
}

const ROWS_OF: Record<RowPart, (object: LaneObject) => Row[]> = {
  texts: (o) => (o.writtenText ? [[o.n, o.current.text]] : []),
  gone: (o) => [...o.gone].map((key) => [o.n, key]),
  evses: (o) => [...o.writtenEvses].map((key) => evseRow(o, key)),
  changes: (o) => o.changes.map((c) => [o.n, c.part, c.correlation_id]),
  deliveries: ({ n, delivery: d }) =>
    d ? [[n, d.receiver, d.correlation_id, d.state, d.location_url ?? null]] : [],
  counts: countRows,
};

const isText = (value: Row[number] | undefined): value is string | null =>
  value === null || typeof value === 'string';

/** The arrays of these rows, column by column. */
const arraysOf = (columns: Columns, rows: readonly Row[]): unknown[] =>
  columns.map(([type], i) => {
    const values = rows.map((row) => row[i] ?? null);
    return type === 'text' ? textArray(values.filter(isText)) : values;
  });

/** The query that writes these objects. */
export function writeQuery(objects: readonly LaneObject[]): WriteStatement & { values: unknown[] } {
  const rows = new Map<RowPart, Row[]>();
  for (const part of ROW_PARTS) {
    const of = objects.flatMap(ROWS_OF[part]);
    if (of.length > 0) rows.set(part, of);
  }
  const known = objects.filter((o) => o.id !== null);
  const shape = {
    made: known.length < objects.length,
    known: known.length > 0,
    turned: known.some((o) => countRows(o).length > 0),
    rows: new Set(rows.keys()),
  };
  const ofObjects = [
    ...arraysOf(OBJ, objects.map(objectRow)),
    ...(saysHeads(shape) ? arraysOf(HEADS, objects.map(headRow)) : []),
  ];
  return {
    ...writeStatement(shape, objects.length),
    values: [...ofObjects, ...[...rows].flatMap(([part, of]) => arraysOf(ROWS[part], of))],
  };
}
