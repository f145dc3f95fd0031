import type { RequestHandler } from 'express';
import type { Context } from '../context';
import type { ModuleDescriptor } from '../ocpi/module';
import type { Version } from '../ocpi/version';
import { versions } from '../ocpi/versions';
import { actOnRoute } from './act-on-route';
import type { EndpointEntry, Route } from './ocpi-call';
import {
  credentialsRoutes,
  hubclientinfoRoutes,
  detailsRoute,
  versionsRoute,
} from './handlers/configuration';
import { proxiedUrlRoutes } from './handlers/proxied-urls';
import { serveOcpi } from './pipeline';
import { served } from './routed';
import { RateLimit } from './rate-limit';
import { RouteTree } from './route-tree';
import { endpointPath } from '../ocpi/urls';

/*
 * The front door of OCPI. A request passes the pipeline (ids, token, rate, route), its routing headers are read
 * (act-on-route), and a handler answers it with a value. Descriptors of modules become routes here: this page is the
 * whole map from modules to URLs.
 */

function routesOf(version: Version, module: ModuleDescriptor): Route[] {
  return module.operations.map((operation) => {
    const on = served(version, module, operation);
    return {
      method: operation.method,
      pattern: operation.path === '' ? on.endpoint : `${on.endpoint}/${operation.path}`,
      opens: ['C'] as const,
      handle: (call) => actOnRoute(call, on),
    };
  });
}

/** The version details are derived from what is mounted (semantics 11). */
function endpoints(version: Version): EndpointEntry[] {
  return version.functionalModules.flatMap(({ identifier }) =>
    (['SENDER', 'RECEIVER'] as const).map((role) => ({
      identifier,
      role,
      path: endpointPath({ version, module: identifier, interface: role }),
    })),
  );
}

function routesOfVersion(version: Version): Route[] {
  return [
    detailsRoute(version, endpoints(version)),
    ...credentialsRoutes(version),
    ...hubclientinfoRoutes(version),
    ...version.functionalModules.flatMap((module) => routesOf(version, module)),
    ...proxiedUrlRoutes(version),
  ];
}

/** Every OCPI route, patterns below /ocpi. */
export function ocpiRoutes(): Route[] {
  return [versionsRoute, ...versions.flatMap(routesOfVersion)];
}

const PREFIX = /^\/ocpi(?:\/|(?=\?)|$)/;

/** What stands below /ocpi in a request's URL, if that is where it points; a proxy may send the whole URL. */
function belowOcpi(url: string): string | undefined {
  if (url.startsWith('/ocpi/')) return url.slice('/ocpi/'.length);
  const path = url.replace(/^https?:\/\/[^/?]*/i, '');
  return PREFIX.test(path) ? path.replace(PREFIX, '') : undefined;
}

/**
 * Express middleware that serves all of OCPI: one step for whatever lies below /ocpi, however many routes there are.
 */
export function mountOcpi(context: Context): RequestHandler {
  const door = { tree: new RouteTree(ocpiRoutes()), limit: new RateLimit(context.config.rateLimitPerSecond) };
  return (request, response, next) => {
    const url = belowOcpi(request.url);
    if (url === undefined) next();
    else void serveOcpi(context, door, { request, response, url });
  };
}
