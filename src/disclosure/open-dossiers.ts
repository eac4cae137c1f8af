import { Receipt } from '../ledger/index.js';
import type { Opener, ToOpen } from '../sealing/opening.js';
import { type Dossier, Opened, type SealedField } from './dossier.js';

interface Task {
  readonly dossier: Dossier;
  readonly field: SealedField<unknown>;
  readonly toOpen: ToOpen<unknown>;
}

/**
 * Opens what candidates have given, in one batch.
 * @param receipt proof that the ledger has the reading; without one, opening does not compile and does not run
 * @returns one result per dossier, in order: a value that does not open is named and leaves the others readable
 * @throws Failure `keys_unavailable`
 */
export async function openDossiers(
  receipt: Receipt,
  opener: Opener,
  dossiers: readonly Dossier[],
): Promise<readonly Opened[]> {
  requireReceipt(receipt);
  const tasks = dossiers.flatMap((dossier) => dossier.fields.flatMap((field) => taskOf(dossier, field)));
  const results = await opener.openMany(tasks.map(({ toOpen }) => toOpen));
  return dossiers.map((dossier) => {
    const values = new Map<SealedField<unknown>, unknown>();
    const unreadable = new Set<string>();
    tasks.forEach(({ dossier: owner, field }, index) => {
      if (owner !== dossier) return;
      const result = results[index];
      if (result?.ok === true) values.set(field, result.value);
      else unreadable.add(field.name);
    });
    return new Opened(values, [...unreadable]);
  });
}

/** For whoever reaches this place past the compiler. */
export function requireReceipt(receipt: Receipt): void {
  // Reading the entry's id fails on whatever merely borrows the prototype.
  if (!(receipt instanceof Receipt) || receipt.entryId === '') {
    throw new Error('Nothing is opened without a receipt of the ledger.');
  }
}

function taskOf(dossier: Dossier, field: SealedField<unknown>): Task[] {
  if (field.value === null) return [];
  const position = { subject: dossier.candidate, row: field.row };
  return [{ dossier, field, toOpen: { place: field.place, position, sealed: field.value } }];
}
