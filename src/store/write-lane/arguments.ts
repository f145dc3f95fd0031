import { instantOf, toTimestamp } from '../../domain/instants';
import type { LaneObject } from './lane-object';
import { ROW_PARTS, saysHeads, writeStatement, type RowPart, type WriteStatement } from './statement';
import { storedKey } from '../objects/types';

/* A batch of decided objects as the statement that writes it and its arguments. */

/** A last_updated that is no date was refused long before; the epoch keeps a row readable all the same. */
const timestampOf = (text: string): string => toTimestamp(instantOf(text) ?? 0);

const objectColumns = (objects: readonly LaneObject[]): unknown[] => [
  objects.map((o) => o.n),
  objects.map((o) => o.id),
  objects.map((o) => o.version),
  objects.map((o) => o.current.last_updated),
  objects.map((o) => o.current.shown_last_updated),
  objects.map((o) => timestampOf(o.current.shown_last_updated)),
];

const headColumns = (objects: readonly LaneObject[]): unknown[] => [
  objects.map((o) => o.object.module.number),
  objects.map((o) => o.object.owner),
  objects.map((o) => storedKey(o.object)),
  objects.map((o) => o.current.counterpart),
  objects.map((o) => o.current.deleted),
  objects.map((o) => o.object.id),
];

type Row = readonly unknown[];

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

const columnsOf = (rows: readonly Row[]): unknown[] =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i]));

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
  const ofObjects = [...objectColumns(objects), ...(saysHeads(shape) ? headColumns(objects) : [])];
  return {
    ...writeStatement(shape, objects.length),
    values: [...ofObjects, ...[...rows.values()].flatMap(columnsOf)],
  };
}
