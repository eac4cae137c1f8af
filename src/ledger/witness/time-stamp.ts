import { hash, X509Certificate } from 'node:crypto';
import { Certificate, SignedData, TimeStampResp, TSTInfo } from 'pkijs';
import { SinkObjects } from './sink.js';

/** RFC 3161 §2.4.1: version 1, SHA-256 and no policy; the certificates are asked for, so that the answer can be checked alone. */
const BEFORE_DIGEST = Buffer.from('30430201013031300d060960864801650304020105000420', 'hex');
const BEFORE_NONCE = Buffer.from('0208', 'hex');
const CERTIFICATES_WANTED = Buffer.from('0101ff', 'hex');

export const NONCE_BYTES = 8;

const SHA256 = '2.16.840.1.101.3.4.2.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
/** Extended key usage of those who may give time stamps (RFC 3161 §2.3). */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** `granted` and `grantedWithMods` (§2.4.2). */
const GRANTED: readonly number[] = [0, 1];

const digestOf = (note: Buffer): Buffer => hash('sha256', note, 'buffer');

/** A positive number of exactly eight bytes, as DER wants one. */
export function nonceFrom(bytes: Buffer): bigint {
  return (bytes.readBigUInt64BE() & 0x3fff_ffff_ffff_ffffn) | 0x4000_0000_0000_0000n;
}

/** What an authority is asked, in DER. */
export function timeStampRequest(note: Buffer, nonce: bigint): Buffer {
  const number = Buffer.alloc(NONCE_BYTES);
  number.writeBigUInt64BE(nonce);
  return Buffer.concat([BEFORE_DIGEST, digestOf(note), BEFORE_NONCE, number, CERTIFICATES_WANTED]);
}

export interface Asked {
  /** What is to be stamped. */
  readonly note: Buffer;
  readonly nonce: bigint;
  /** PEM, one certificate or more: those by whom the authority must be certified. */
  readonly authorities: string;
}

/**
 * Checks an authority's answer (DER).
 * @returns the time it has stamped
 * @throws SinkObjects `refused` when it stamps nothing; `not_cosigned` when this is no stamp, of something else, or of
 * somebody whom the authorities do not know for one who gives time stamps
 */
export async function checkTimeStamp(answer: Buffer, asked: Asked): Promise<Date> {
  const { status, token } = unlessUnreadable(() => {
    const response = TimeStampResp.fromBER(answer);
    return { status: response.status.status, token: response.timeStampToken };
  });
  if (!GRANTED.includes(status)) throw new SinkObjects('refused');
  const { signed, info } = unlessUnreadable(() => {
    if (token?.contentType !== SIGNED_DATA) return {};
    const data = new SignedData({ schema: token.content });
    const content = data.encapContentInfo.eContent?.getValue();
    const isStamp = data.encapContentInfo.eContentType === TST_INFO && content !== undefined;
    return isStamp ? { signed: data, info: TSTInfo.fromBER(content) } : {};
  });
  if (signed === undefined || info === undefined || !isOf(info, asked)) throw new SinkObjects('not_cosigned');
  if (!(await isSigned(signed, asked))) throw new SinkObjects('not_cosigned');
  return info.genTime;
}

function unlessUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new SinkObjects('not_cosigned');
  }
}

function isOf({ messageImprint, nonce: answered }: TSTInfo, { note, nonce }: Asked): boolean {
  const { hashAlgorithm, hashedMessage } = messageImprint;
  return (
    hashAlgorithm.algorithmId === SHA256 &&
    digestOf(note).equals(Buffer.from(hashedMessage.getValue())) &&
    answered?.toBigInt() === nonce
  );
}

/** By somebody who may give time stamps, whom the authorities have certified, over these very bytes. */
async function isSigned(signed: SignedData, { authorities, note }: Asked): Promise<boolean> {
  try {
    const { signerCertificate, signatureVerified } = await signed.verify({
      signer: 0,
      trustedCerts: certificatesOf(authorities),
      checkChain: true,
      extendedMode: true,
      data: Uint8Array.from(note).buffer,
    });
    if (signatureVerified !== true || signerCertificate == null) return false;
    const { keyUsage } = new X509Certificate(Buffer.from(signerCertificate.toSchema().toBER()));
    return keyUsage.includes(TIME_STAMPING);
  } catch {
    return false;
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificatesOf = (pem: string): Certificate[] =>
  (pem.match(PEM) ?? []).map((text) => Certificate.fromBER(new X509Certificate(text).raw));
