import {
  type AccountSettings,
  type Enrolled,
  type Factor,
  type NewSession,
  SESSION_COOKIE,
  type SessionSummary,
} from '../../modules/identity/index.js';
import { Failure } from '../../kernel/errors.js';
import { type Reply, type Revised, withRevision } from '../../platform/http/index.js';
import { FIELD_PROBLEMS } from '../../platform/http/problems.js';
import type { AccountDto } from './dtos/account.dtos.js';
import type { EnrolledDto } from './dtos/enrolment.dtos.js';
import type { SessionDto, SessionSummaryDto, SignInDto } from './dtos/session.dtos.js';
import { assertionOf } from './passkey-presenters.js';

type GivenFactors = Pick<SignInDto, 'code' | 'recoveryCode' | 'passkey'>;

export const MAIL_SENT = {
  fr: 'Si cette adresse peut être utilisée, un message y a été envoyé.',
  en: 'If this address can be used, a message was sent to it.',
};

/** Sends a new session the way that was asked for: in the body, or in a cookie that no script can read. */
export function presentSession(session: NewSession, reply: Reply): SessionDto {
  const { id, token, transport, expiresAt } = session;
  const body = { id, transport, expiresAt: expiresAt.toISOString() };
  if (transport === 'token') return { ...body, token };
  reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
    expires: expiresAt,
  });
  return body;
}

/** What a browser keeps of a session that has ended goes with it. */
export function presentEnd(reply: Reply): void {
  reply.clearCookie(SESSION_COOKIE, { path: '/', secure: true, httpOnly: true, sameSite: 'strict' });
  reply.header('clear-site-data', '"cache", "cookies", "storage"');
}

export function presentEnrolled({ recoveryCodes, session }: Enrolled, reply: Reply): EnrolledDto {
  return { recoveryCodes: [...recoveryCodes], session: presentSession(session, reply) };
}

export function presentSummary(session: SessionSummary): SessionSummaryDto {
  return {
    id: session.id,
    transport: session.transport,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    current: session.current,
    ...session.origin,
  };
}

export function presentAccount({
  id,
  role,
  locale,
  createdAt,
  revision,
}: AccountSettings): Revised<AccountDto> {
  return withRevision({ id, role, locale, createdAt: createdAt.toISOString() }, revision);
}

/** @throws Failure `invalid_request` unless exactly one factor was given */
export function factorOf({ code, recoveryCode, passkey }: GivenFactors): Factor {
  const given: (Factor & { readonly pointer: string })[] = [
    ...(code === undefined ? [] : [{ code, pointer: '/code' }]),
    ...(recoveryCode === undefined ? [] : [{ recoveryCode, pointer: '/recoveryCode' }]),
    ...(passkey === undefined ? [] : [{ passkey: assertionOf(passkey), pointer: '/passkey' }]),
  ];
  const [factor, another] = given;
  if (factor !== undefined && another === undefined) return factor;
  const field =
    another === undefined
      ? { pointer: '/code', code: 'required', detail: FIELD_PROBLEMS.required }
      : { pointer: another.pointer, code: 'invalid', detail: FIELD_PROBLEMS.invalid };
  throw new Failure('invalid_request', { fields: [field] });
}
