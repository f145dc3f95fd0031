import type { CdrFacts, SessionFacts } from '../domain/gap';
import type { PartyId, Role } from '../domain/party';
import type { Check, DtoClass, Finding } from './check';
import type { ModuleDescriptor, OwnedModuleDescriptor, ResultName } from './module';

/*
 * A version of OCPI as data: all that the hub knows of its field names is reached through this. A version is one folder
 * and one line in versions.ts.
 */

/** A module that is no functional one: of the connection itself, or of a hub. */
export interface ConfigurationModule {
  identifier: string;
  /** The class of what it carries. */
  dto: DtoClass;
  /** Its endpoints tell SENDER and RECEIVER apart; where not, the role of an endpoint is disregarded. */
  hasInterfaces: boolean;
}

/** A Credentials object, as far as the hub uses it. */
export interface CredentialsContent {
  token: string;
  url: string;
  roles: (PartyId & { role: Role; business_details: unknown })[];
}

/** What the hub says of itself. */
export interface OwnRole extends PartyId {
  name: string;
  website?: string | undefined;
  /** `type`: as an image's file ends. */
  logo?: { url: string; type: string } | undefined;
}

/** The credentials module, and how its object is read and written. */
export interface CredentialsModule extends ConfigurationModule {
  check: Check;
  /** What the hub can use of it, under either policy; `fault`: it cannot work without that. */
  read: (value: unknown) => { content: CredentialsContent } | { fault: Finding };
  /** The hub's own object, of its one role. */
  write: (own: { token: string; url: string; hub: OwnRole }) => object;
}

/** What the hub compares to find sessions without a CDR and CDRs without a session. */
export interface Billing {
  sessions: OwnedModuleDescriptor;
  cdrs: OwnedModuleDescriptor;
  sessionFacts: (text: string) => SessionFacts;
  cdrFacts: (text: string) => CdrFacts;
}

export interface Version {
  /** VersionNumber, as it stands in URLs and version details. */
  number: string;
  /** In the order of the version details. */
  functionalModules: readonly ModuleDescriptor[];
  /** Those of them whose objects the hub stores, by their number. */
  ownedModules: readonly OwnedModuleDescriptor[];
  credentials: CredentialsModule;
  hubclientinfo: ConfigurationModule;
  /** Classes of the versions endpoints: a line of the list, and the details. */
  versionDto: DtoClass;
  detailsDto: DtoClass;
  /** What is posted to response_urls. */
  results: Record<ResultName, DtoClass>;
  /** The party that an object says to be its owner. */
  ownerIn: (value: unknown) => PartyId | undefined;
  billing: Billing;
}

/** Those of these modules whose objects the hub stores, by their number. */
export function byNumber(modules: readonly OwnedModuleDescriptor[]): OwnedModuleDescriptor[] {
  return [...modules].sort((a, b) => a.number - b.number);
}
