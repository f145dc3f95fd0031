import http from 'node:http';
import express, { type Express } from 'express';
import type { Context } from './context';
import { adminRouter } from './admin';
import { mountOcpi } from './server/mount';
import { healthRouter } from './server/health';

/** Express: middleware order and mounts, nothing else. */
export function buildApp(context: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (context.config.mode !== 'worker') {
    app.use(mountOcpi(context));
    app.use('/admin/api', adminRouter(context));
  }
  app.use(healthRouter(context));
  app.use((_request, response) => {
    response.status(404).json({ title: 'nothing is served here' });
  });
  return app;
}

/**
 * The HTTP server under the app. Express sets the prototype of each request and response anew, which costs half of
 * its speed (PERFORMANCE.md, b): classes that have that prototype from the start make it a no-op.
 */
export function createServer(app: Express): http.Server {
  function HubRequest(
    this: http.IncomingMessage,
    ...args: ConstructorParameters<typeof http.IncomingMessage>
  ): void {
    Reflect.apply(http.IncomingMessage, this, args);
  }
  HubRequest.prototype = app.request;
  function HubResponse(
    this: http.ServerResponse,
    ...args: ConstructorParameters<typeof http.ServerResponse>
  ): void {
    Reflect.apply(http.ServerResponse, this, args);
  }
  HubResponse.prototype = app.response;
  const classes = {
    IncomingMessage: HubRequest as unknown as typeof http.IncomingMessage,
    ServerResponse: HubResponse as unknown as typeof http.ServerResponse,
  };
  return http.createServer({ ...classes, keepAliveTimeout: 65_000 }, app);
}
