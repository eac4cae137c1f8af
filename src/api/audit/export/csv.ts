import { stringify } from 'csv-stringify/sync';
import { entriesOf, type ExportFormat, type ReadEntry } from './export-format.js';

const COLUMNS = [
  'index',
  'id',
  'at',
  'action',
  'outcome',
  'reason',
  'actor_kind',
  'actor',
  'client',
  'agency',
  'session',
  'key',
  'resource_type',
  'resource',
  'purpose',
  'request_id',
  'origin',
  'count',
  'subjects',
  'fields',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | undefined>>;

function rowOf({ index, envelope, subjects }: ReadEntry): Row {
  return {
    index,
    id: envelope?.id,
    at: envelope?.at,
    action: envelope?.action,
    outcome: envelope?.outcome,
    reason: envelope?.reason,
    actor_kind: envelope?.actor.kind,
    actor: envelope?.actor.id,
    client: envelope?.client,
    agency: envelope?.agency,
    session: envelope?.session,
    key: envelope?.key,
    resource_type: envelope?.resource.type,
    resource: envelope?.resource.id,
    purpose: envelope?.purpose,
    request_id: envelope?.requestId,
    origin: envelope?.origin.network,
    count: envelope?.count,
    subjects: subjects.map(({ subject }) => subject).join(' '),
    fields: [...new Set(subjects.flatMap(({ fields }) => fields))].join(' '),
  };
}

/**
 * RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe instead: actors and resources
 * are texts that somebody may have chosen.
 */
const write = (rows: readonly Row[], header: boolean): string =>
  stringify([...rows], { columns: [...COLUMNS], header, escape_formulas: true, record_delimiter: 'windows' });

export const CSV: ExportFormat = {
  mediaType: 'text/csv',
  extension: 'csv',
  begin: write([], true),
  lines: (places) => write(entriesOf(places).map(rowOf), false),
  end: () => '',
};
