import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of an NDJSON export, one after the other. @throws Error for a line that is none */
export async function* readExport(path) {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line === '') continue;
    try {
      yield JSON.parse(line);
    } catch {
      throw new Error(`Line ${number} of the export is not JSON.`);
    }
  }
}
