import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { ConnectionStatus, Role } from '../../domain/party';

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
