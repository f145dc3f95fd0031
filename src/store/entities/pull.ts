import { Column, Entity, PrimaryColumn } from 'typeorm';

/* Pulls use plain SQL; the migration is the schema, these tell TypeORM of it. `began_xid` is xid8. */

/** How far a list of a partner is pulled: of one party and module. */
@Entity('pull_state')
export class PullStateEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('smallint')
  module!: number;

  @Column('text')
  endpoint!: string;

  @Column('integer')
  registration!: number;

  @Column('text', { default: 'waiting' })
  state!: string;

  @Column('text', { default: 'full' })
  kind!: string;

  @Column('text', { nullable: true })
  cursor!: string | null;

  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  next_at!: Date;
}

/** Keys that a full pull under way has seen on a page. */
@Entity('pull_page')
export class PullPageEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('smallint')
  module!: number;

  @PrimaryColumn('integer')
  page!: number;

  @Column('bytea')
  keys!: Buffer;
}

/** An object that the last full pull did not see any more. */
@Entity('pull_gone')
export class PullGoneEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('smallint')
  module!: number;

  @PrimaryColumn('text')
  object_id!: string;

  @Column('text')
  last_updated!: string;

  @Column('boolean', { default: false })
  removed!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  since!: Date;
}
