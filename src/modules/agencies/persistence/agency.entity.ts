import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';

@Entity({ schema: 'agencies', name: 'agency' })
export class AgencyEntity {
  @PrimaryColumn('uuid')
  id: AgencyId;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
