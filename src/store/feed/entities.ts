import type { ReceiverAnswer } from '../../domain/push-verdict';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/* `xid` columns are xid8, which TypeORM has no name for: int8 is how they are read, the migration is the schema. */

/** A change: which object, which part, without content. */
@Entity('change')
export class ChangeEntity {
  @PrimaryColumn('int8', { default: () => 'pg_current_xact_id()' })
  xid!: string;

  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('bigint', { nullable: true })
  head_id!: string | null;

  @Column('bigint', { default: 0 })
  version!: string;

  @Column('integer')
  owner!: number;

  @Column('integer', { nullable: true })
  receiver!: number | null;

  @Column('smallint')
  module!: number;

  @Column('text', { nullable: true })
  part!: string | null;

  @Column('text')
  correlation_id!: string;
}

/** Where a receiver stands in the feed. */
@Entity('position')
export class PositionEntity {
  @PrimaryColumn('integer')
  receiver!: number;

  @Column('uuid')
  partner_id!: string;

  @Column('int8')
  xid!: string;

  @Column('bigint')
  number!: string;

  @Column('bigint', { nullable: true })
  full_push!: string | null;

  @Column('bigint', { default: 0 })
  fence!: string;

  @Column('timestamptz', { nullable: true })
  last_success!: Date | null;

  /** What it had passed when its full push was asked for: sessions written since then are part of it. */
  @Column('int8', { nullable: true })
  full_push_since!: string | null;

  @Column('text', { nullable: true })
  last_error!: string | null;

  @Column('timestamptz', { nullable: true })
  last_error_at!: Date | null;
}

/** A process that pushes, and until when it lives unless its heartbeat comes (docs/adr/0013). */
@Entity('worker')
export class WorkerEntity {
  @PrimaryColumn('uuid')
  holder!: string;

  @Column('timestamptz')
  until!: Date;
}

/** One row: what the hub knows of its own database, and when it was last tidied (docs/adr/0014). */
@Entity('upkeep')
export class UpkeepEntity {
  @PrimaryColumn('boolean', { default: true })
  one!: boolean;

  @Column('text', { nullable: true })
  system_identifier!: string | null;

  @Column('text', { nullable: true })
  restored!: string | null;

  @Column('timestamptz', { nullable: true })
  restored_at!: Date | null;

  @Column('timestamptz', { default: '-infinity' })
  trimmed_at!: Date;
}

/** Which worker serves a platform: as long as that lives (`until` infinity), or given back. */
@Entity('lease')
export class LeaseEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @Column('uuid')
  holder!: string;

  @Column('bigint', { default: 1 })
  fence!: string;

  @Column('timestamptz')
  until!: Date;
}

/** A failed delivery: an object that a receiver refused. */
@Entity('failed_delivery')
export class FailedDeliveryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('integer')
  receiver!: number;

  @Column('bigint')
  head_id!: string;

  @Column('text', { default: '' })
  part!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('integer', { default: 1 })
  attempts!: number;

  @Column('text')
  error!: string;

  /** What the receiver said. */
  @Column('jsonb', { nullable: true })
  answer!: ReceiverAnswer | null;
}

/** A CDR on its way to the one party that it concerns. */
@Entity('cdr_delivery')
export class CdrDeliveryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('bigint')
  head_id!: string;

  @Column('integer')
  receiver!: number;

  @Column('text', { default: 'waiting' })
  state!: 'waiting' | 'posting' | 'delivered' | 'failed' | 'uncertain';

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;

  @Column('text')
  correlation_id!: string;

  @Column('text', { nullable: true })
  location_url!: string | null;

  /** The worker that made the last attempt. */
  @Column('uuid', { nullable: true })
  holder!: string | null;

  @Column('text', { nullable: true })
  error!: string | null;

  /** What the receiver said. */
  @Column('jsonb', { nullable: true })
  answer!: ReceiverAnswer | null;
}

/** When a receiver last took something of a module. */
@Entity('push_success')
export class PushSuccessEntity {
  @PrimaryColumn('integer')
  receiver!: number;

  @PrimaryColumn('smallint')
  module!: number;

  @Column('timestamptz')
  at!: Date;
}

/** What a comparison of a partner with the hub found. */
@Entity('drift_report')
export class DriftReportEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid')
  partner_id!: string;

  @Column('text', { default: 'RUNNING' })
  state!: 'RUNNING' | 'DONE' | 'FAILED' | 'INTERRUPTED';

  /** Objects a module and receiver; null: all. */
  @Column('integer', { nullable: true })
  sample!: number | null;

  @Column('jsonb', { default: [] })
  modules!: unknown;

  @Column('bigint', { default: 0 })
  drift!: string;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('boolean', { default: false })
  repaired!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  started_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;

  @Column('timestamptz', { nullable: true })
  finished_at!: Date | null;
}
