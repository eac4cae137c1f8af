/**
 * What clients may sign assertions and proofs with (FAPI 2.0 Security Profile §5.4.1).
 * `Ed25519` is the newer name (RFC 9864) of the only curve that `EdDSA` is accepted with here.
 */
export const SIGNATURE_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;

export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];
