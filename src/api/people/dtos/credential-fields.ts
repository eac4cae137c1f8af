/** What the fields of several requests have in common. */
export const PASSWORD = { max: 1_024, example: 'quatre chevaux bleus sur la digue' } as const;
export const TOKEN = { min: 43, max: 43, example: 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo' } as const;
export const CODE = { min: 6, max: 6, example: '492039', pattern: /^\d{6}$/ } as const;
export const RECOVERY_CODE = { min: 24, max: 40, example: '7K3M-9QFD-2XHT-5B8N-WC4R-J6VA' } as const;
export const LOCALES = ['fr', 'en'] as const;
export const TRANSPORTS = ['cookie', 'token'] as const;
/** Bytes in base64url, as browsers write what WebAuthn gives (WebAuthn §5.1.8). */
export const BASE64URL = /^[A-Za-z0-9_-]+$/;
