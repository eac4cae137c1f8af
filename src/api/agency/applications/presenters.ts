import { RELEASABLE_FIELDS, type ReleasableField } from '../../../disclosure/index.js';
import { Failure } from '../../../kernel/errors.js';
import {
  type AgencyMove,
  APPLICATION_STATUSES,
  type ApplicationStatus,
  type BulkAnswer,
  type DisclosedApplication,
  type ReceivedApplication,
} from '../../../modules/applications/index.js';
import { FIELD_PROBLEMS } from '../../../platform/http/problems.js';
import type {
  BulkItemDto,
  CountsDto,
  DisclosedDto,
  ReceivedDto,
  ReceivedQuery,
  TransitionDto,
} from './dtos.js';

/** The contract has looked at the moment. */
export function moveOf({ answerBy, ...rest }: TransitionDto): AgencyMove {
  return answerBy === undefined ? rest : { ...rest, answerBy: new Date(answerBy) };
}

export function presentReceived({ application, pseudonym }: ReceivedApplication): ReceivedDto {
  return {
    id: application.id,
    sandbox: application.mode === 'sandbox',
    vacancyId: application.vacancyId,
    pseudonym,
    status: application.status,
    submittedAt: (application.submittedAt ?? application.createdAt).toISOString(),
    updatedAt: application.updatedAt.toISOString(),
    answerBy: application.answerBy?.toISOString() ?? null,
    revision: application.revision,
    erasedAt: application.erasedAt?.toISOString() ?? null,
  };
}

export function presentDisclosed(disclosed: DisclosedApplication, purpose: string): DisclosedDto {
  const { values, unreadable } = disclosed.released;
  return { ...presentReceived(disclosed), purpose, fields: values, unreadable: [...unreadable] };
}

export function presentBulk(answer: BulkAnswer, purpose: string): BulkItemDto {
  if (answer.release === 'not_found') return { id: answer.id, refusal: 'not_found' };
  const { id, received, release } = answer;
  return release.outcome === 'refused'
    ? { id, refusal: release.reason }
    : { id, application: presentDisclosed({ ...received, released: release }, purpose) };
}

/** Every state, in the order of the machine, also those that nothing is in. */
export function presentCounts(counts: ReadonlyMap<ApplicationStatus, number>): CountsDto {
  const states = APPLICATION_STATUSES.filter((status) => status !== 'draft');
  const items = states.map((status) => ({ status, count: counts.get(status) ?? 0 }));
  return { items, total: items.reduce((sum, { count }) => sum + count, 0) };
}

/** @throws Failure `invalid_query` for a filter that the order does not go with */
export function readQuery({ limit, cursor, order, status, vacancy, updatedSince }: ReceivedQuery) {
  const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
  const of = vacancy === undefined ? {} : { vacancy };
  if ((order ?? (updatedSince === undefined ? 'newest' : 'changed')) === 'newest') {
    if (updatedSince !== undefined) throw impossible('/updatedSince');
    return { order: 'newest', page, filter: { ...of, ...(status === undefined ? {} : { status }) } } as const;
  }
  if (status !== undefined) throw impossible('/status');
  const since = updatedSince === undefined ? {} : { updatedSince };
  return { order: 'changed', page, filter: { ...of, ...since } } as const;
}

function impossible(pointer: string): Failure {
  return new Failure('invalid_query', {
    fields: [{ pointer, code: 'not_allowed', detail: FIELD_PROBLEMS.not_allowed }],
  });
}

/** @throws Failure `invalid_query` for a name that is no field */
export function readFields(text: string | undefined): readonly ReleasableField[] | undefined {
  return text?.split(',').map((name) => {
    const known = RELEASABLE_FIELDS.find((candidate) => candidate === name);
    if (known === undefined) {
      throw new Failure('invalid_query', {
        fields: [{ pointer: '/fields', code: 'not_allowed', detail: FIELD_PROBLEMS.not_allowed }],
      });
    }
    return known;
  });
}
