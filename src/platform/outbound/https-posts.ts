import { readFileSync } from 'node:fs';
import { isIPv6, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { Agent, request } from 'undici';
import { Settings } from '../config/settings.js';
import { systemCode } from '../../kernel/errors.js';
import type { Destination } from './destinations.js';

/** What became of it: the status that was answered, with its `Retry-After` as it came, or why there was none. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | {
      readonly kind: 'failed';
      readonly reason: 'timed_out' | 'certificate_refused' | 'answer_refused' | 'unreachable';
    };

/** From the first byte to the answer's status line and headers, in milliseconds. */
const TOTAL_MS = 10_000;
const CONNECT_MS = 5_000;
const MOST_HEADER_BYTES = 16_384;

/**
 * Posts to receivers that nobody here trusts: to the addresses that were checked, over TLS with a certificate for the
 * name, within a time. No redirect is followed, no proxy of the environment asked, and nothing of an answer's body read.
 */
@Injectable()
export class HttpsPosts {
  readonly #authorities: string[] | undefined;

  constructor({ webhooks }: Settings) {
    const { authorities } = webhooks;
    this.#authorities =
      authorities === undefined
        ? undefined
        : [...getCACertificates('default'), readFileSync(authorities, 'utf8')];
  }

  async post(
    { url, addresses }: Destination,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<PostOutcome> {
    const agent = new Agent({
      maxHeaderSize: MOST_HEADER_BYTES,
      connect: {
        lookup: pinnedTo(addresses),
        timeout: CONNECT_MS,
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        ...(this.#authorities === undefined ? {} : { ca: this.#authorities }),
      },
    });
    try {
      const signal = AbortSignal.timeout(TOTAL_MS);
      const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal });
      // Cut off below, whatever is left of it.
      answer.body.on('error', () => undefined);
      const { 'retry-after': retryAfter } = answer.headers;
      return {
        kind: 'answered',
        status: answer.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    } finally {
      await agent.destroy();
    }
  }
}

/** Answers every question for an address with those that were checked, so that the name is not asked a second time. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = all;
    if (first === undefined) callback(new Error('There is no address.'), '');
    else if (options.all === true) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

function reasonOf(error: unknown): Extract<PostOutcome, { kind: 'failed' }>['reason'] {
  const code = systemCode(error) ?? '';
  if (isTimeout(error) || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timed_out';
  if (/CERT|ERR_TLS|ERR_SSL|SELF_SIGNED|ISSUER/.test(code)) return 'certificate_refused';
  if (/^HPE_|OVERFLOW/.test(code)) return 'answer_refused';
  return 'unreachable';
}

/** Asked by shape, as `systemCode` does. */
function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
}
