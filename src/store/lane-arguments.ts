import { instantOf, toTimestamp } from '../domain/instants';
import { MODULE_NUMBERS } from '../domain/visibility';
import { storedKey } from './stored-key';
import type { LaneObject } from './lane-state';

/** A last_updated that is no date was refused long before; the epoch keeps a row readable all the same. */
const timestampOf = (text: string): string => toTimestamp(instantOf(text) ?? 0);

const headColumns = (objects: readonly LaneObject[]): unknown[] => [
  objects.map((o) => o.n),
  objects.map((o) => o.id),
  objects.map((o) => o.version),
  objects.map(() => 1),
  objects.map((o) => MODULE_NUMBERS[o.object.module]),
  objects.map((o) => o.object.owner),
  objects.map((o) => storedKey(o.object)),
  objects.map((o) => o.current.counterpart),
  objects.map((o) => o.current.own),
  objects.map((o) => o.current.shown),
  objects.map((o) => timestampOf(o.current.shown)),
  objects.map((o) => o.current.deleted),
];

function textColumns(objects: readonly LaneObject[]): unknown[] {
  const written = objects.filter((o) => o.writtenText);
  return [written.map((o) => o.n), written.map((o) => o.current.text)];
}

function evseColumns(objects: readonly LaneObject[]): unknown[] {
  const gone = objects.flatMap((o) => [...o.gone].map((key) => ({ n: o.n, key })));
  const rows = objects.flatMap((o) =>
    [...o.writtenEvses].map((key) => ({
      n: o.n,
      key,
      evse: o.current.evses.get(key) ?? { place: 0, text: '{}' },
    })),
  );
  return [
    gone.map((g) => g.n),
    gone.map((g) => g.key),
    rows.map((r) => r.n),
    rows.map((r) => r.key),
    rows.map((r) => r.evse.place),
    rows.map((r) => r.evse.text),
  ];
}

function changeColumns(objects: readonly LaneObject[]): unknown[] {
  const rows = objects.flatMap((o) => o.changes.map((change) => ({ n: o.n, ...change })));
  return [
    rows.map((r) => r.n),
    rows.map((r) => r.part),
    rows.map((r) => r.correlation_id),
    rows.map((r) => r.origin),
  ];
}

function deliveryColumns(objects: readonly LaneObject[]): unknown[] {
  const rows = objects.flatMap((o) => (o.delivery ? [{ n: o.n, ...o.delivery }] : []));
  return [
    rows.map((r) => r.n),
    rows.map((r) => r.receiver),
    rows.map((r) => r.correlation_id),
    rows.map((r) => r.state),
  ];
}

/** An object counts from its creation to its deletion, under its counterpart of the time. */
function countRows(object: LaneObject): { n: number; counterpart: number; delta: number }[] {
  const before = object.counted;
  const now = object.current.deleted ? undefined : (object.current.counterpart ?? 0);
  if (before === now) return [];
  const rows = [];
  if (before !== undefined) rows.push({ n: object.n, counterpart: before, delta: -1 });
  if (now !== undefined) rows.push({ n: object.n, counterpart: now, delta: 1 });
  return rows;
}

function countColumns(objects: readonly LaneObject[]): unknown[] {
  const rows = objects.flatMap(countRows);
  return [rows.map((r) => r.n), rows.map((r) => r.counterpart), rows.map((r) => r.delta)];
}

/** The arguments of WRITE_BATCH, in its order. */
export function writeArguments(objects: readonly LaneObject[]): unknown[] {
  return [
    ...headColumns(objects),
    ...textColumns(objects),
    ...evseColumns(objects),
    ...changeColumns(objects),
    ...deliveryColumns(objects),
    ...countColumns(objects),
    objects.map((o) => o.object.id),
  ];
}

/** The arguments of WRITE_EVSES, in its order. */
export function evseArguments(objects: readonly LaneObject[]): unknown[] {
  return [
    objects.map((o) => o.n),
    objects.map((o) => o.id),
    objects.map((o) => o.version),
    objects.map((o) => o.current.shown),
    objects.map((o) => timestampOf(o.current.shown)),
    ...evseColumns(objects).slice(2),
    ...changeColumns(objects),
  ];
}
