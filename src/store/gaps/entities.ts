import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session as far as the gap finder needs it: has it ended, and is its CDR here? */
@Entity('session_end')
export class SessionEndEntity {
  @PrimaryColumn('bigint')
  head_id!: string;

  @Column('integer')
  owner!: number;

  @Column('integer', { nullable: true })
  counterpart!: number | null;

  /** The folded id. */
  @Column('text')
  key!: string;

  /** The folded authorization_reference. */
  @Column('text', { nullable: true })
  reference!: string | null;

  /** Of the head, when it was read. */
  @Column('bigint')
  version!: string;

  @Column('text')
  state!: 'open' | 'ended' | 'invalid';

  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;

  @Column('double precision', { default: 0 })
  kwh!: number;

  /** The head of its CDR. */
  @Column('bigint', { nullable: true })
  cdr!: string | null;

  /** The CPO was asked for its CDR. */
  @Column('boolean', { default: false })
  asked!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  seen_at!: Date;
}

/** A CDR and the session that it is for. */
@Entity('cdr_link')
export class CdrLinkEntity {
  @PrimaryColumn('bigint')
  head_id!: string;

  @Column('integer')
  owner!: number;

  @Column('integer', { nullable: true })
  counterpart!: number | null;

  @Column('text', { nullable: true })
  link!: string | null;

  @Column('boolean')
  credit!: boolean;

  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;

  @Column('double precision', { default: 0 })
  kwh!: number;

  /** The head of its session. */
  @Column('bigint', { nullable: true })
  session!: string | null;

  /** The CPO was asked for its session. */
  @Column('boolean', { default: false })
  asked!: boolean;
}

/** Up to which head the sessions and the CDRs are read. */
@Entity('gap_progress')
export class GapProgressEntity {
  @PrimaryColumn('smallint')
  module!: number;

  @Column('bigint', { default: 0 })
  place!: string;

  @Column('bigint', { default: 0 })
  top!: string;

  @Column('timestamptz', { default: () => 'now()' })
  top_at!: Date;

  @Column('timestamptz', { nullable: true })
  read_at!: Date | null;

  /** When ended sessions without a CDR were last read again. */
  @Column('timestamptz', { nullable: true })
  ended_read_at!: Date | null;
}
