import type { Route } from './ocpi-call';

interface Node {
  literal: Map<string, Node>;
  param: Node | undefined;
  routes: Map<string, { route: Route; names: readonly string[] }>;
}

export type Match =
  | { found: 'route'; route: Route; params: Record<string, string> }
  | { found: 'methods'; routes: readonly Route[] }
  /** `goesOn`: the pattern of a route below the path, best of this method. */
  | { found: 'nothing'; goesOn: string | undefined };

const emptyNode = (): Node => ({ literal: new Map(), param: undefined, routes: new Map() });

function childOf(node: Node, segment: string): Node {
  if (segment.startsWith(':')) return (node.param ??= emptyNode());
  let child = node.literal.get(segment);
  if (!child) node.literal.set(segment, (child = emptyNode()));
  return child;
}

function decoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A dot segment would be resolved by whoever a request is relayed or pushed to, and reach another endpoint there. */
const isValue = (value: string | undefined): value is string =>
  value !== undefined && value !== '' && value !== '.' && value !== '..';

function walk(node: Node, segments: readonly string[], values: string[]): Node | undefined {
  for (const segment of segments) {
    const literal = node.literal.get(segment);
    if (literal) {
      node = literal;
      continue;
    }
    const value = decoded(segment);
    if (!node.param || !isValue(value)) return undefined;
    values.push(value);
    node = node.param;
  }
  return node;
}

function* routesBelow(node: Node): Generator<Route> {
  for (const { route } of node.routes.values()) yield route;
  for (const child of [...node.literal.values(), ...(node.param ? [node.param] : [])])
    yield* routesBelow(child);
}

/** Of this method, if there is one. */
function patternBelow(node: Node, method: string): string | undefined {
  const below = [...routesBelow(node)];
  return (below.find((route) => route.method === method) ?? below[0])?.pattern;
}

/**
 * Finds the route of a path by its segments: a Map step a segment, however many routes there are. Express finds
 * routes one after the other, and its per-request cost is what the hot paths cannot afford.
 */
export class RouteTree {
  private readonly root = emptyNode();

  constructor(readonly routes: readonly Route[]) {
    for (const route of routes) this.add(route);
  }

  private add(route: Route): void {
    const segments = route.pattern.split('/');
    const end = segments.reduce(childOf, this.root);
    const names = segments.filter((s) => s.startsWith(':')).map((s) => s.slice(1));
    end.routes.set(route.method, { route, names });
  }

  /** A `/` at the end of the path is ignored (semantics 5). */
  match(method: string, path: string): Match {
    const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
    const values: string[] = [];
    const node = walk(this.root, trimmed.split('/'), values);
    if (!node) return { found: 'nothing', goesOn: undefined };
    if (node.routes.size === 0) return { found: 'nothing', goesOn: patternBelow(node, method) };
    const hit = node.routes.get(method);
    if (!hit) return { found: 'methods', routes: [...node.routes.values()].map(({ route }) => route) };
    const params: Record<string, string> = {};
    hit.names.forEach((name, i) => (params[name] = values[i] ?? ''));
    return { found: 'route', route: hit.route, params };
  }
}
