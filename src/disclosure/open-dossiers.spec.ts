import { type CandidateId, newId } from '../kernel/ids.js';
import { Receipt } from '../ledger/index.js';
import { asSealed, place } from '../sealing/index.js';
import type { Opener } from '../sealing/opening.js';
import type { Dossier, SealedField } from './dossier.js';
import { openDossiers } from './open-dossiers.js';

describe('opening dossiers', () => {
  it('does not compile without a receipt', () => {
    const attempts = (opener: Opener, dossiers: readonly Dossier[], entry: { readonly entryId: string }) => [
      // @ts-expect-error nothing in place of the receipt
      openDossiers(opener, dossiers),
      // @ts-expect-error undefined is no receipt
      openDossiers(undefined, opener, dossiers),
      // @ts-expect-error neither is something that looks like one
      openDossiers(entry, opener, dossiers),
    ];
    expect(typeof attempts).toBe('function');
  });

  it('does not run with a forged one either', async () => {
    const asked: unknown[] = [];
    const opener = { openMany: (items: unknown) => Promise.resolve([asked.push(items)]) };
    const forged = Object.create(Receipt.prototype, {});
    await expect(Reflect.apply(openDossiers, undefined, [{ entryId: 'x' }, opener, []])).rejects.toThrow(
      'receipt',
    );
    await expect(Reflect.apply(openDossiers, undefined, [forged, opener, []])).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });

  it('keeps the types of what was sealed', () => {
    const candidate: CandidateId = newId(0);
    const field: SealedField<string> = {
      name: 'motivation',
      place: place<string>()('applications_application.motivation'),
      row: candidate,
      value: asSealed<string>(Buffer.alloc(98)),
    };
    // @ts-expect-error a place that seals a text holds no number
    const wrong: SealedField<number> = field;
    expect(wrong.name).toBe('motivation');
  });
});
