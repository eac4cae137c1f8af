import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';

@Entity({ schema: 'agencies', name: 'budget' })
export class BudgetEntity {
  /** The agency's: it has one budget. */
  @PrimaryColumn('uuid', { name: 'agency_id' })
  id: AgencyId;

  @Column('integer', { nullable: true })
  hour: number | null;

  @Column('integer', { nullable: true })
  day: number | null;

  @Column('integer', { nullable: true })
  month: number | null;

  /** From then on the row says nothing. */
  @Column('timestamptz')
  until: Date;

  @Column('timestamptz', { name: 'set_at' })
  setAt: Date;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `budget-rows.ts`. */
  @Column('bytea')
  mac: Buffer;
}
