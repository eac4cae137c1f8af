import type { AgencyScope } from '../../kernel/context.js';
import { SIGNATURE_ALGORITHMS } from './algorithms.js';

/** The two ways to show that a token is one's own: by proofs, or by the certificate of the connection. */
export type Scheme = 'DPoP' | 'Bearer';

/** RFC 6750 §3.1 and RFC 9449 §7.1, as far as they are told apart. */
export type TokenError = 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce' | 'insufficient_scope';

export interface Challenge {
  /** Those that the installation takes. */
  readonly schemes: readonly Scheme[];
  /** RFC 9728 §5.1. */
  readonly metadata: string;
  /** What was wrong, and by which of them. */
  readonly error?: TokenError | undefined;
  readonly scheme?: Scheme | undefined;
  readonly scope?: AgencyScope | undefined;
}

/** What a refusal says in `WWW-Authenticate` (RFC 9449 §7.1, RFC 6750 §3): of two schemes the one that failed says so. */
export function challengeOf({ schemes, metadata, error, scheme = 'DPoP', scope }: Challenge): string {
  return schemes
    .map((offered) => {
      const parameters = [
        ...(error === undefined || offered !== scheme ? [] : [`error="${error}"`]),
        ...(scope === undefined ? [] : [`scope="${scope}"`]),
        ...(offered === 'DPoP' ? [`algs="${SIGNATURE_ALGORITHMS.join(' ')}"`] : []),
        `resource_metadata="${metadata}"`,
      ];
      return `${offered} ${parameters.join(', ')}`;
    })
    .join(', ');
}
