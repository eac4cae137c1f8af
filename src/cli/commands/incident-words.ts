import { Failure } from '../../kernel/errors.js';
import { parseId } from '../../kernel/ids.js';
import { formatProof, type ProvenExposure } from '../../ledger/index.js';
import {
  CRITERIA,
  type Addressed,
  type Criteria,
  type ImpactTotal,
  type Incident,
  type IncidentId,
  type LetterState,
  type Reached,
  whyLowerBound,
} from '../../modules/incidents/index.js';

/** @throws Failure `invalid_request` */
export function readIncident(text = ''): IncidentId {
  const id = parseId<IncidentId>(text);
  if (id === undefined)
    throw new Failure('invalid_request', {
      detail: 'Name an incident by its id: see `sceau incident list`.',
    });
  return id;
}

const lines = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}\n`).join('');

const moment = (at: Date | null): string => at?.toISOString() ?? '-';

export function describeIncident(incident: Incident, reached: Reached): string {
  const { id, status, title, criteria, noticedAt, openedAt, containedAt, closedAt, conclusion } = incident;
  return `${id}  ${status}  ${title}\n${lines([
    ['noticed', noticedAt],
    ['opened', openedAt.toISOString()],
    ['contained', moment(containedAt)],
    ['closed', moment(closedAt)],
    ...reachedRows(reached),
    ...(conclusion === null ? [] : ([['conclusion', conclusion]] as const)),
    ...describeCriteria(criteria),
  ])}`;
}

const describeCriteria = (criteria: Criteria): readonly (readonly [string, string])[] =>
  CRITERIA.flatMap((name) => {
    const value = criteria[name];
    return value === undefined ? [] : [[name, value] as const];
  });

/** @param so what that means, and what is to be done */
export const describeAwaited = (awaited: number, so: string): string =>
  `${awaited} entry(ies) are still on their way to the signed ledger (sceau ledger status): ${so}.\n`;

export function describeImpact({
  incident,
  subjects,
  erased,
  told,
  waiting,
  unreached,
  entries,
  first,
  last,
  fields,
  everything,
  checkpoint,
  canaries,
  awaited,
  keptFrom,
}: ImpactTotal): string {
  if (checkpoint === null) return 'Nothing is signed yet: there is no ledger to look through.\n';
  const counted = [
    ...(everything === 0 ? [] : ([['  everything held', String(everything)]] as const)),
    ...fields.map(({ field, subjects: count }) => [`  ${field}`, String(count)] as const),
  ];
  const lacking = whyLowerBound(incident.criteria, { keptFrom, awaited }).map(({ en }) => `${en}\n`);
  const least = lacking.length === 0 ? '' : 'At least ';
  return `${least}${subjects} candidate(s) affected, of whom ${erased} erased since: counted, and nobody can be told.\n${lacking.join('')}${lines(
    [
      ...reachedRows({ told, waiting, unreached }),
      ...(canaries === 0 ? [] : [['canaries', `${canaries} as well, in no other number`] as const]),
      ['entries', String(entries)],
      ['first', moment(first)],
      ['last', moment(last)],
      ['looked through', `${checkpoint.size} entries, to the checkpoint of ${checkpoint.at.toISOString()}`],
      ...(counted.length === 0 ? [] : [['fields', 'candidates'] as const, ...counted]),
    ],
  )}`;
}

/** Letters on their way, and people whom none has reached, where there are any. */
const reachedRows = ({ told, waiting, unreached }: Reached): readonly (readonly [string, string])[] => [
  ['told', String(told)],
  ...(waiting === 0 ? [] : [['on the way', `${waiting} letter(s)`] as const]),
  ...(unreached === 0
    ? []
    : [['not reached', `${unreached}, whose mail was refused: tell them otherwise`] as const]),
];

const LETTERS: Readonly<Record<LetterState, string>> = {
  none: '',
  waiting: '  letter on its way',
  accepted: '  told',
  refused: '  not reached',
};

export function describeAffected({ subject, entries, first, last, fields, ...rest }: Addressed): string {
  const what = fields.length === 0 ? 'everything held' : fields.join(', ');
  const gone = rest.candidate === undefined ? '  erased since' : '';
  const nobody = rest.isCanary ? '  canary' : '';
  return `${subject}  ${entries}×  ${first.toISOString()} – ${last.toISOString()}  ${what}${gone}${LETTERS[rest.letter]}${nobody}\n`;
}

/** A line of NDJSON: the entry's exact bytes and those of its subjects' records in base64, and the C2SP tlog-proof. */
export function provenLine({ index, envelope, records, hashes, checkpoint, holds }: ProvenExposure): string {
  const subjects = records.map((stored) =>
    'record' in stored
      ? { record: stored.record.toString('base64') }
      : { hash: stored.hash.toString('base64') },
  );
  const proof = formatProof({ index, hashes, checkpoint: checkpoint.note });
  return `${JSON.stringify({ index, entry: envelope.toString('base64'), subjects, proof, holds })}\n`;
}
