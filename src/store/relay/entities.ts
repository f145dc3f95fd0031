import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A URL of the hub that leads to a partner's own; its id is stored as a hash alone. */
@Entity('callback')
export class ProxiedUrlEntity {
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('text')
  kind!: string;

  @Column('uuid')
  partner_id!: string;

  @Column('uuid')
  target_partner!: string;

  @Column('integer')
  from_party!: number;

  @Column('integer')
  to_party!: number;

  @Column('text')
  url!: string;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;
}

/** The one that a later request is for, learnt from an earlier one. */
@Entity('known_route')
export class KnownRouteEntity {
  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('text')
  subject!: string;

  @PrimaryColumn('integer')
  receiver!: number;

  @Column('timestamptz')
  expires_at!: Date;
}

/** A relayed object that its receiver accepted and the hub could not keep. */
@Entity('not_kept')
export class NotKeptEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid')
  partner_id!: string;

  @Column('smallint')
  module!: number;

  @Column('integer')
  owner!: number;

  @Column('integer')
  receiver!: number;

  @Column('text')
  object_id!: string;

  @Column('text')
  method!: string;

  @Column('text')
  rule!: string;

  /** null: too long to be kept. */
  @Column('text', { nullable: true })
  offered!: string | null;

  @Column('text')
  offered_hash!: string;

  @Column('integer', { default: 1 })
  count!: number;

  @Column('text')
  correlation_id!: string;

  @Column('timestamptz', { default: () => 'now()' })
  first_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('text', { default: 'not_kept' })
  state!: string;

  @Column('text', { nullable: true })
  kept!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { nullable: true })
  settled_at!: Date | null;
}
