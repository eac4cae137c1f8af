import type { SubjectId } from '../kernel/ids.js';
import { place, PLACES } from './places.js';
import type { Sealed } from './sealed.js';
import type { Sealer } from './sealer.js';

describe('the registry of places', () => {
  it('names each place table.column, which its binding splits at the dot', () => {
    for (const name of Object.keys(PLACES)) expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });

  it('lets the machinery open operational places only', () => {
    const address = place<{ city: string }>()('candidates_profile.address');
    const secret = place<string>()('identity_account.totp_secret');
    const open = (
      sealer: Sealer,
      sealedAddress: Sealed<{ city: string }>,
      sealedSecret: Sealed<string>,
      subject: SubjectId,
    ) => [
      sealer.openOperational(secret, { subject, row: subject }, sealedSecret),
      // @ts-expect-error a personal place opens through disclosure only
      sealer.openOperational(address, { subject, row: subject }, sealedAddress),
    ];
    expect([address.kind, secret.kind, typeof open]).toEqual(['personal', 'operational', 'function']);
  });
});
