import pg from 'pg';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { Failure } from '../../kernel/errors.js';

/** The server ends, is full, or has given the statement up (PostgreSQL, appendix A); others are about the statement. */
const OF_THE_SERVER = /^(?:08|53|57P)|^(?:57014|25P03)$/;

/** The database, or the way to it, is not there: nothing is known of what was asked, and it may be asked again. */
export class Outage extends Failure {
  constructor(cause: unknown) {
    super('service_unavailable', { headers: { 'retry-after': '2' }, cause });
  }
}

/** All connections are busy, or the server is gone. */
export function noConnection(cause: unknown): never {
  throw new Outage(cause);
}

/** @throws Outage unless the driver says that something was wrong with the statement, which is thrown as it is */
export function refuseDriver(cause: unknown): never {
  throw isOutage(cause) ? new Outage(cause) : cause;
}

/** The same for what the work of a transaction has failed with, which may be anything. */
export function refuseWork(cause: unknown): never {
  if (cause instanceof QueryRunnerAlreadyReleasedError) throw new Outage(cause);
  throw cause instanceof QueryFailedError && isOutage(cause.driverError) ? new Outage(cause) : cause;
}

/** What does not come from the server is of the connection: closed, reset, or silent for too long. */
function isOutage(cause: unknown): boolean {
  return !(cause instanceof pg.DatabaseError) || OF_THE_SERVER.test(cause.code ?? '');
}
