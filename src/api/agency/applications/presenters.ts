import { RELEASABLE_FIELDS, type ReleasableField } from '../../../disclosure/index.js';
import { Failure } from '../../../kernel/errors.js';
import type {
  BulkAnswer,
  DisclosedApplication,
  ReceivedApplication,
} from '../../../modules/applications/index.js';
import { FIELD_PROBLEMS } from '../../../platform/http/problems.js';
import type { BulkItemDto, DisclosedDto, ReceivedDto } from './dtos.js';

export function presentReceived({ application, pseudonym }: ReceivedApplication): ReceivedDto {
  return {
    id: application.id,
    sandbox: application.mode === 'sandbox',
    vacancyId: application.vacancyId,
    pseudonym,
    status: application.status,
    submittedAt: (application.submittedAt ?? application.createdAt).toISOString(),
    updatedAt: application.updatedAt.toISOString(),
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
