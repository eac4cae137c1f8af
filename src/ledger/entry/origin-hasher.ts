/**
 * A keyed hash. The ledger asks it for pseudonyms of network addresses and for the marks by which it knows writers
 * and ties of its own again; every text begins with its purpose (`address:`, `network:`, `writer:`, `tie:`). Who holds the key, out of
 * the ledger's database, is decided where the rooms are joined.
 */
export abstract class OriginHasher {
  /** @returns the hash in base64url; the same text gives the same hash in every process of an installation */
  abstract hash(text: string): Promise<string>;
}
