import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';
import type { AgencyMode } from '../agency-mode.js';

@Entity({ schema: 'agencies', name: 'agency' })
export class AgencyEntity {
  @PrimaryColumn('uuid')
  id: AgencyId;

  @Column('text')
  name: string;

  @Column('text')
  mode: AgencyMode;

  /** HMAC over id and mode, see `agency-modes.ts`. */
  @Column('bytea', { name: 'mode_mac' })
  modeMac: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
