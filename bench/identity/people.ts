import type { INestApplicationContext } from '@nestjs/common';
import argon2 from 'argon2';
import { generateSecret } from 'otplib';
import { product } from '../sealing/product.ts';
import { identity } from './product.ts';

export const PASSWORD = 'quatre chevaux bleus sur la digue';

export interface HashCost {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface Person {
  readonly email: string;
  /** Of their authenticator. */
  readonly secret: string;
}

export interface People {
  /** The one hash that all of them have. */
  readonly hash: string;
  readonly all: readonly Person[];
}

/** Candidates who can sign in, all with the same password. */
export async function createPeople(
  rooms: INestApplicationContext,
  { memoryKiB, iterations, parallelism }: HashCost,
  count: number,
): Promise<People> {
  const { Accounts } = await identity.accounts();
  const { Database } = await identity.database();
  const { EMAIL, PASSWORD_HASH, RECOVERY_CODES, ROLE, TOTP_SECRET } = await identity.places();
  const { Sealer, SubjectKeys } = await product.sealing();
  const { newId } = await product.ids();
  const [accounts, database, sealer, keys] = [
    rooms.get(Accounts, { strict: false }),
    rooms.get(Database, { strict: false }),
    rooms.get(Sealer, { strict: false }),
    rooms.get(SubjectKeys, { strict: false }),
  ];
  const hash = await argon2.hash(PASSWORD, {
    type: argon2.argon2id,
    memoryCost: memoryKiB,
    timeCost: iterations,
    parallelism,
  });
  const all: Person[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = newId<'account'>(Date.now());
    const own = { subject: id, row: id };
    const person = { email: `candidat.${id}@example.fr`, secret: generateSecret({ length: 20 }) };
    await keys.create(id);
    const content = {
      id,
      status: 'active',
      email: await sealer.seal(EMAIL, own, person.email),
      role: await sealer.seal(ROLE, own, 'candidate'),
      passwordHash: await sealer.seal(PASSWORD_HASH, own, hash),
      totpSecret: await sealer.seal(TOTP_SECRET, own, person.secret),
      totpStep: '0',
      recoveryCodes: await sealer.seal(RECOVERY_CODES, own, []),
      locale: 'fr',
      createdAt: new Date(),
    } as const;
    await database.run({ kind: 'identity' }, (manager) => accounts.insert(manager, person.email, content));
    all.push(person);
  }
  return { hash, all };
}
