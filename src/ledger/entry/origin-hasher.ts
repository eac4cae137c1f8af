/** Turns network addresses into pseudonyms by a keyed hash. Who holds the key is decided where the rooms are joined. */
export abstract class OriginHasher {
  abstract hash(text: string): Promise<string>;
}
