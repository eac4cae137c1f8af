import type { PublishedCheckpoint } from '../read/tree-reader.js';

/** Facility 13, log audit, and severity 5, notice (RFC 5424 §6.2.1). */
const PRIORITY = 13 * 8 + 5;
const NIL = '-';

/** Printable ASCII, as the header's fields have to be (RFC 5424 §6). */
const field = (text: string, length: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, length) || NIL;

/** JSON of ASCII alone, so that a collector of whatever encoding keeps the note as it is. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A checkpoint as a message of RFC 5424; the text is JSON of epoch, size and note. */
export function syslogMessage(checkpoint: PublishedCheckpoint, host: string, process: number): string {
  const { epoch, size, note, at } = checkpoint;
  const header = [
    `<${PRIORITY}>1`,
    at.toISOString(),
    field(host, 255),
    'sceau',
    String(process),
    'checkpoint',
    NIL,
  ];
  return `${header.join(' ')} ${asciiJson({ epoch, size, note })}`;
}

/** RFC 6587 §3.4.1: octet counting. */
export const framed = (message: string): Buffer => Buffer.from(`${Buffer.byteLength(message)} ${message}`);
