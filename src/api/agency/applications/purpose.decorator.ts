import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { AGENCY_PURPOSES, type AgencyPurpose } from '../../../disclosure/index.js';
import { Failure } from '../../../kernel/errors.js';
import type { Request } from '../../../platform/http/index.js';

const PurposeFromHeader = createParamDecorator((_: unknown, execution: ExecutionContext): AgencyPurpose => {
  const { purpose } = execution.switchToHttp().getRequest<Request>().headers;
  const known = AGENCY_PURPOSES.find((candidate) => candidate === purpose);
  if (known !== undefined) return known;
  const list = AGENCY_PURPOSES.join(', ');
  throw new Failure('malformed_request', {
    detail: {
      en: `The header Purpose must be one of: ${list}.`,
      fr: `L'en-tête Purpose doit être l'un de : ${list}.`,
    },
  });
});

/** Why an agency reads: it decides what is released, and stands in the ledger. */
export function Purpose(): ParameterDecorator {
  return (target, key, index) => {
    PurposeFromHeader()(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (!descriptor) return;
    ApiHeader({ name: 'Purpose', required: true, schema: { type: 'string', enum: [...AGENCY_PURPOSES] } })(
      target,
      key,
      descriptor,
    );
  };
}
