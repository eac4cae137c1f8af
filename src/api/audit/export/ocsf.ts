import { describeAction, type Envelope, isAction, VOCABULARY } from '../../../ledger/index.js';
import { entriesOf, type ExportFormat, type ReadEntry } from './export-format.js';

/** Of the Open Cybersecurity Schema Framework. */
const SCHEMA_VERSION = '1.5.0';
const CATEGORY = { category_uid: 6, category_name: 'Application Activity' };
const CLASS_UID = 6005;
const CLASS = { class_uid: CLASS_UID, class_name: 'Datastore Activity' };

const OTHER = 99;
/** The class's activities, by what our actions end in; whatever does not touch data is `Other` under its own name. */
const ACTIVITIES = new Map<string, { readonly id: number; readonly name: string }>([
  ['read', { id: 1, name: 'Read' }],
  ['exported', { id: 1, name: 'Read' }],
  ['replayed', { id: 1, name: 'Read' }],
  ['changed', { id: 2, name: 'Update' }],
  ['transitioned', { id: 2, name: 'Update' }],
  ['created', { id: 6, name: 'Create' }],
  ['registered', { id: 6, name: 'Create' }],
  ['deleted', { id: 7, name: 'Delete' }],
  ['erased', { id: 7, name: 'Delete' }],
  ['dropped', { id: 7, name: 'Delete' }],
  ['listed', { id: 8, name: 'List' }],
  ['disclosed', { id: 10, name: 'Decrypt' }],
]);

function activityOf(action: string): { readonly id: number; readonly name: string } {
  const verb = /[a-z]+$/.exec(action)?.[0] ?? action;
  return ACTIVITIES.get(verb) ?? { id: OTHER, name: action };
}

const STATUS = new Map([
  ['allowed', { status_id: 1, status: 'Success' }],
  ['refused', { status_id: 2, status: 'Failure' }],
  ['failed', { status_id: 2, status: 'Failure' }],
]);

function severityOf(action: string, outcome: string): { severity_id: number; severity: string } {
  const level = isAction(action) ? VOCABULARY[action].alert : undefined;
  if (level === 'critical') return { severity_id: 5, severity: 'Critical' };
  if (level === 'warning') return { severity_id: 3, severity: 'Medium' };
  return outcome === 'allowed'
    ? { severity_id: 1, severity: 'Informational' }
    : { severity_id: 2, severity: 'Low' };
}

/** What stands for bytes that none of our writers can have written: an event is missed, one too many is seen. */
const UNREADABLE = {
  id: 'unknown',
  at: '1970-01-01T00:00:00.000Z',
  action: 'unreadable',
  outcome: 'failed',
  actor: { kind: 'unknown' },
  resource: { type: 'unknown' },
  requestId: 'unknown',
  origin: { address: 'unknown', network: 'unknown' },
  count: 0,
  subjectsRoot: '',
  writer: 'unknown',
  n: 0,
} as const satisfies Envelope;

const metadataOf = ({ id, requestId, action }: Envelope, index: number): object => ({
  version: SCHEMA_VERSION,
  product: { name: 'Sceau', vendor_name: 'Sceau' },
  uid: id,
  correlation_uid: requestId,
  event_code: action,
  log_name: 'ledger',
  sequence: index,
});

const actorOf = ({ actor, client, session }: Envelope): object => ({
  user: { uid: actor.id ?? 'unknown', type: actor.kind, type_id: OTHER },
  ...(client === undefined ? {} : { app_uid: client }),
  ...(session === undefined ? {} : { session: { uid: session } }),
});

/** One event of class 6005. What the class has no place for is under `unmapped`. */
function eventOf({ index, envelope = UNREADABLE, subjects }: ReadEntry): object {
  const { action, outcome, resource, agency, key, purpose, count } = envelope;
  const activity = activityOf(action);
  return {
    ...CATEGORY,
    ...CLASS,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: CLASS_UID * 100 + activity.id,
    time: Date.parse(envelope.at),
    message: describeAction(action, 'en'),
    ...severityOf(action, outcome),
    ...(STATUS.get(outcome) ?? { status_id: 0, status: 'Unknown' }),
    status_code: outcome,
    status_detail: envelope.reason,
    metadata: metadataOf(envelope, index),
    actor: actorOf(envelope),
    // The address itself is not kept anywhere: this is the keyed hash of its network.
    src_endpoint: { uid: envelope.origin.network },
    database: { name: 'sceau' },
    table: { name: resource.type, uid: resource.id },
    type: 'Table',
    type_id: 3,
    unmapped: {
      agency,
      key,
      purpose,
      count,
      subjects: subjects.map(({ subject, application, fields }) => ({ subject, application, fields })),
    },
  };
}

/** OCSF events, a line each. */
export const OCSF: ExportFormat = {
  mediaType: 'application/x-ndjson',
  extension: 'ocsf.ndjson',
  begin: '',
  lines: (places) =>
    entriesOf(places)
      .map((entry) => `${JSON.stringify(eventOf(entry))}\n`)
      .join(''),
  end: () => '',
};
