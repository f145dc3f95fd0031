import { Column, Entity, PrimaryColumn } from 'typeorm';

/* Pulls use plain SQL; the migration is the schema, these tell TypeORM of it. `began_xid` is xid8. */

/** Which list of a partner: of one party and module. */
abstract class OfList {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('smallint')
  module!: number;
}

/** How far a list of a partner is pulled. */
@Entity('pull_state')
export class PullStateEntity extends OfList {
  @Column('text')
  endpoint!: string;

  @Column('integer')
  registration!: number;

  @Column('boolean', { default: false })
  offline!: boolean;

  @Column('text', { nullable: true })
  requested!: string | null;

  @Column('boolean', { default: false })
  confirm_removals!: boolean;

  @Column('text', { default: 'waiting' })
  state!: string;

  @Column('text', { default: 'full' })
  kind!: string;

  @Column('bigint', { default: 0 })
  run!: string;

  @Column('text', { nullable: true })
  cursor!: string | null;

  @Column('text', { nullable: true })
  date_from!: string | null;

  @Column('timestamptz', { nullable: true })
  began!: Date | null;

  @Column('int8', { nullable: true })
  began_xid!: string | null;

  @Column('timestamptz', { nullable: true })
  started_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  finished_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  next_at!: Date;

  @Column('timestamptz', { nullable: true })
  next_full_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  not_before!: Date | null;

  @Column('integer', { default: 0 })
  pages!: number;

  @Column('integer', { default: 0 })
  objects!: number;

  @Column('integer', { default: 0 })
  stored!: number;

  @Column('integer', { default: 0 })
  unchanged!: number;

  @Column('integer', { default: 0 })
  refused!: number;

  @Column('integer', { default: 0 })
  gone!: number;

  @Column('integer', { nullable: true })
  total!: number | null;

  @Column('boolean', { default: false })
  total_changed!: boolean;

  @Column('integer', { default: 0 })
  download_ms!: number;

  @Column('integer', { default: 0 })
  check_ms!: number;

  @Column('integer', { default: 0 })
  write_ms!: number;

  @Column('integer', { default: 0 })
  failures!: number;

  @Column('text', { nullable: true })
  last_error!: string | null;
}

/** Keys that a full pull under way has seen on a page. */
@Entity('pull_page')
export class PullPageEntity extends OfList {
  @PrimaryColumn('integer')
  page!: number;

  @Column('bytea')
  keys!: Buffer;
}

/** An object that the last full pull did not see any more. */
@Entity('pull_gone')
export class PullGoneEntity extends OfList {
  @PrimaryColumn('text')
  object_id!: string;

  @Column('text')
  last_updated!: string;

  @Column('boolean', { default: false })
  removed!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  since!: Date;
}

/** A party that a partner's sessions or CDRs named before it was registered here. */
@Entity('wanted_party')
export class WantedPartyEntity {
  @PrimaryColumn('text')
  country_code!: string;

  @PrimaryColumn('text')
  party_id!: string;

  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('smallint')
  module!: number;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;
}
