import { PersonClient } from '../../../../tools/client/person.ts';
import type { Scene } from './swaps.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A credential that somebody with SQL writes, and then uses. */
export interface Planting {
  readonly what: string;
  /** What somebody may do anyway, before anything is planted; it stays when the rows are put back. */
  readonly prepare?: (scene: Scene) => Promise<void>;
  /** @returns what the writes have come to */
  readonly write: (scene: Scene) => Promise<readonly (number | string)[]>;
  /** @returns the answers by which one would see that it was honoured */
  readonly use: (scene: Scene) => Promise<readonly Answer[]>;
}

/** One request of somebody's who has nothing but a token, or not even that. */
export async function request(url: string, path: string, body?: object, bearer?: string): Promise<Answer[]> {
  const client = new PersonClient(url);
  client.useToken(bearer);
  const answer = await client.request(path, body === undefined ? {} : { body });
  return [{ status: answer.status, text: JSON.stringify(answer.body ?? '') }];
}
