import { classesUnder, jsonSchemaOf } from '../ocpi/check/schema';
import type { DtoClass } from '../ocpi/check';
import type { ModuleDescriptor } from '../ocpi/module';
import type { Version } from '../ocpi/version';
import { versions } from '../ocpi/versions';

/* Component schemas of OCPI's objects, made from the DTOs that check them: one source of truth. */

function requestClasses({ operations }: ModuleDescriptor): DtoClass[] {
  return operations
    .flatMap(({ request }) => [request?.body, request?.answer])
    .filter((cls) => cls !== undefined && typeof cls !== 'string');
}

/** The classes of a version that the document names. */
export function rootsOf(version: Version): DtoClass[] {
  const { credentials, hubclientinfo, versionDto, detailsDto, results } = version;
  return [
    ...version.ownedModules.flatMap(({ dto, levels }) => [dto, ...levels.map((level) => level.dto)]),
    ...version.functionalModules.flatMap(requestClasses),
    ...[credentials.dto, hubclientinfo.dto, versionDto, detailsDto],
    ...Object.values(results),
  ];
}

/** Schemas by class name, in alphabetical order. */
export function objectSchemas(): Record<string, object> {
  const roots = versions.flatMap(rootsOf);
  const classes = new Set(roots.flatMap((root) => [...classesUnder(root)]));
  const named = [...classes].map((cls) => [cls.name, jsonSchemaOf(cls)] as const);
  return Object.fromEntries(named.sort(([a], [b]) => a.localeCompare(b)));
}
