import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return '0.0.0';
  return String(manifest.version);
}

/** The product's version, as package.json has it. */
export const VERSION = readVersion();
