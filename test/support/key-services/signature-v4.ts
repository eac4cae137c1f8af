import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Received } from './local-service.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MOST_SKEW_MS = 5 * 60 * 1_000;

/** Whose signature it is, or the exception that AWS answers with. */
export type Signer = { readonly accessKeyId: string } | { readonly refused: string };

export interface SignatureScope {
  readonly region: string;
  readonly service: string;
  /** Secrets by access key id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly now: number;
}

interface Authorization {
  readonly accessKeyId: string;
  /** Date, region, service and `aws4_request`. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

/** Checks a request's AWS Signature Version 4 by computing it again from what arrived. */
export function verifySignature(request: Received, scope: SignatureScope): Signer {
  const authorization = read(request.headers.authorization ?? '');
  if (authorization === undefined) return { refused: 'IncompleteSignatureException' };
  const { accessKeyId, signature } = authorization;
  if (!covers(authorization, request)) return { refused: 'InvalidSignatureException' };
  const secret = scope.secrets.get(accessKeyId);
  if (secret === undefined) return { refused: 'UnrecognizedClientException' };
  const expected = sign(request, authorization, secret);
  const same = signature.length === expected.length && timingSafeEqual(signature, expected);
  return same && belongs(authorization, request, scope)
    ? { accessKeyId }
    : { refused: 'InvalidSignatureException' };
}

function read(header: string): Authorization | undefined {
  const [, credential = '', headers = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    ) ?? [];
  const [accessKeyId = '', ...scope] = credential.split('/');
  if (signature === '' || scope.length !== 4) return undefined;
  return { accessKeyId, scope, signedHeaders: headers.split(';'), signature: Buffer.from(signature, 'hex') };
}

/** Whether the host, the date and every header of AWS are signed. */
function covers({ signedHeaders }: Authorization, { headers }: Received): boolean {
  const needed = ['host', 'x-amz-date', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  return needed.every((name) => signedHeaders.includes(name));
}

/** Whether the signature is for this service and for now. */
function belongs({ scope }: Authorization, request: Received, wanted: SignatureScope): boolean {
  const [date = '', ...rest] = scope;
  const time = timeOf(request);
  return (
    rest.join('/') === `${wanted.region}/${wanted.service}/aws4_request` &&
    time.startsWith(date) &&
    Math.abs(millisecondsOf(time) - wanted.now) <= MOST_SKEW_MS
  );
}

function sign(request: Received, { scope, signedHeaders }: Authorization, secret: string): Buffer {
  const [path = '/', query = ''] = request.url.split('?');
  const canonical = [
    request.method,
    path,
    query,
    ...signedHeaders.map((name) => `${name}:${headerText(request, name)}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const toSign = [ALGORITHM, timeOf(request), scope.join('/'), sha256(canonical)].join('\n');
  return hmac(scope.reduce(hmac, Buffer.from(`AWS4${secret}`)), toSign);
}

function headerText({ headers }: Received, name: string): string {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text.trim().replaceAll(/ +/g, ' ');
}

function timeOf(request: Received): string {
  return headerText(request, 'x-amz-date');
}

/** Of a time such as `20261124T215052Z`. */
function millisecondsOf(basic: string): number {
  return Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
