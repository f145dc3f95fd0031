import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type {
  Broadcast,
  Endpoint,
  Partner,
  TokenEncoding,
  TrailingSlash,
  Validation,
} from '../../domain/partner';
import type { ConnectionStatus, Role } from '../../domain/party';

/** A platform: one OCPI connection. */
@Entity('partner')
export class PartnerEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'PENDING' })
  status!: Partner['status'];

  @Column('boolean', { default: false })
  suspended!: boolean;

  @Column('text', { default: 'strict' })
  validation!: Validation;

  @Column('text', { default: 'base64' })
  token_encoding!: TokenEncoding;

  @Column('text', { default: 'party' })
  broadcast!: Broadcast;

  @Column('boolean', { default: false })
  authorize_unknown_tokens!: boolean;

  @Column('text', { default: 'keep' })
  trailing_slash!: TrailingSlash;

  @Column('text', { nullable: true })
  versions_url!: string | null;

  @Column('text', { nullable: true })
  version!: string | null;

  @Column('jsonb', { default: [] })
  endpoints!: Endpoint[];

  /** The token that the hub sends to it, encrypted. */
  @Column('bytea', { nullable: true, select: false })
  their_token!: Buffer | null;

  /** Number of its handshakes: one that began before another ended must not overwrite it. */
  @Column('integer', { default: 0 })
  registration!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  registered_at!: Date | null;
}

/** A credentials token that the hub issued, as its SHA-256. */
@Entity('credentials_token')
export class CredentialsTokenEntity {
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('uuid')
  partner_id!: string;

  @Column('text')
  kind!: 'A' | 'B' | 'C' | 'SUPERSEDED';

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  first_used_at!: Date | null;
}

/** A party that a platform hosts, hosted or will host. `number` is its key in the tables of objects. */
@Entity('party')
export class PartyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('text')
  country_code!: string;

  @Column('text')
  party_id!: string;

  @Column('uuid', { nullable: true })
  partner_id!: string | null;

  @Column('text', { array: true, default: [] })
  roles!: Role[];

  /** BusinessDetails by role, as the platform gave them. */
  @Column('jsonb', { default: {} })
  business_details!: Record<string, unknown>;

  /** Its platform's credentials, as they are now, name it. */
  @Column('boolean', { default: false })
  in_credentials!: boolean;

  @Column('text', { default: 'PLANNED' })
  status!: ConnectionStatus;

  /** Roles that it had once: their ClientInfo is SUSPENDED. */
  @Column('text', { array: true, default: [] })
  former_roles!: Role[];

  /** By role: to which status its ClientInfo last changed, with which version, when (microseconds since 1970). */
  @Column('jsonb', { default: {} })
  role_info!: Record<string, unknown>;

  /** The registry version with which its ClientInfo last changed: the latest of its roles. */
  @Column('bigint', { nullable: true })
  info_version!: string | null;

  /** Of its ClientInfo: by the hub's clock. */
  @Column('timestamptz', { default: () => 'now()' })
  last_updated!: Date;
}

/** One row: raised with every write that the memory of another process must learn of. */
@Entity('registry_version')
export class RegistryVersionEntity {
  @PrimaryColumn('boolean')
  one!: boolean;

  @Column('bigint')
  version!: string;
}

/** One row: something encrypted with SECRET_KEY, by which a wrong key is noticed at the start. */
@Entity('hub_key')
export class HubKeyEntity {
  @PrimaryColumn('boolean')
  one!: boolean;

  @Column('bytea')
  proof!: Buffer;
}

/** A deviation that a lenient partner's objects had, counted. */
@Entity('finding')
export class FindingEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('text')
  module!: string;

  @PrimaryColumn('text')
  path!: string;

  @PrimaryColumn('text')
  rule!: string;

  @Column('bigint')
  count!: string;

  @Column('timestamptz')
  last_seen!: Date;

  @Column('text', { nullable: true })
  example_id!: string | null;
}
