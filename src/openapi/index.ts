import { versions } from '../ocpi/versions';
import { ocpiRoutes } from '../server/mount';
import { adminPaths } from './admin-paths';
import { components } from './components';
import { ocpiPaths } from './ocpi/paths';
import { tagsOf } from './tags';

/*
 * openapi.yaml is derived: OCPI's paths from the routes, its schemas from the DTOs. Only the admin API is described
 * by hand.
 */

/**
 * The OpenAPI 3.1 document of the hub: its OCPI paths from the mounted routes, its object schemas from the DTOs that
 * check them. openapi.yaml is this document written out (`npm run openapi`); a test holds the file against it.
 */
export function openapiDocument(): Record<string, unknown> {
  const paths = { ...ocpiPaths(ocpiRoutes()), ...adminPaths() };
  const numbers = versions.map(({ number }) => number).join(', ');
  return {
    openapi: '3.1.0',
    info: {
      title: 'ocpi-hub',
      version: '0.1.0',
      description: [
        `An OCPI ${numbers} roaming hub.`,
        'Partners use the paths below /ocpi with a credentials token; [docs/partners.md](docs/partners.md) shows each step with a request.',
        'Those who run the hub use the paths below /admin/api with the ADMIN_TOKEN.',
      ].join(' '),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://localhost:3000' }],
    ...tagsOf(paths),
    paths,
    components: components(),
  };
}
