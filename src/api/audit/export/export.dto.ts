import { Instant, OneOf } from '../../../platform/http/fields.js';

export type ExportFormatName = 'ndjson' | 'csv' | 'ocsf';
const FORMATS = ['ndjson', 'csv', 'ocsf'] as const satisfies readonly ExportFormatName[];

export class ExportQuery {
  @Instant({ optional: true, example: '2026-11-01T00:00:00Z', description: 'Inclusive' })
  readonly from?: string;

  @Instant({ optional: true, description: 'Exclusive' })
  readonly to?: string;

  @OneOf(FORMATS, {
    optional: true,
    description: '`ndjson` can be verified; `csv` and `ocsf` are for reading and for a SIEM',
  })
  readonly format: ExportFormatName = 'ndjson';
}
