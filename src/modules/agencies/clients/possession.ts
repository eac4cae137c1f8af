/**
 * How a client proves itself, and that tokens are its own:
 * - `dpop`: it signs assertions (`private_key_jwt`), and a proof for each request (RFC 9449);
 * - `certificate`: it signs assertions; tokens are bound to the certificate of its TLS connection (RFC 8705 §3);
 * - `mutual_tls`: by certificates that are registered (`self_signed_tls_client_auth`, RFC 8705 §2.2), tokens bound likewise.
 */
export const POSSESSIONS = ['dpop', 'certificate', 'mutual_tls'] as const;

export type Possession = (typeof POSSESSIONS)[number];
