import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

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
