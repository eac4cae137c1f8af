import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  /** As it was sent, its query included. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Checks a request's AWS Signature Version 4, from Amazon's description of it alone.
 * @returns why it is not accepted, or `undefined` when it is
 */
export function faultOfSignature(
  { method, target, headers }: SignedRequest,
  { id, secret }: { readonly id: string; readonly secret: string },
): string | undefined {
  const [, keyId, date = '', region = '', service = '', names = '', signature] =
    AUTHORIZATION.exec(headers['authorization'] ?? '') ?? [];
  if (signature === undefined) return 'no signature';
  if (keyId !== id) return 'another key';
  const signed = names.split(';');
  for (const name of Object.keys(headers)) {
    if ((name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name))
      return `${name} is not signed`;
  }
  const [path = '', query = ''] = target.split('?');
  const parameters = query.split('&').filter(Boolean).toSorted();
  const canonical = [
    method,
    path,
    parameters.map((parameter) => (parameter.includes('=') ? parameter : `${parameter}=`)).join('&'),
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'] ?? '', scope, digest(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'wrong signature';
}
