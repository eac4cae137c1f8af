import qrcode from 'qrcode';
import { totpUri } from './totp.js';

export interface EnrolmentOffer {
  readonly secret: string;
  readonly uri: string;
  /** SVG as a data URI. */
  readonly qr: string;
}

/** A secret as an authenticator takes it. */
export async function offerOf(secret: string, email: string): Promise<EnrolmentOffer> {
  const uri = totpUri(secret, email);
  const svg = await qrcode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M' });
  return { secret, uri, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}
