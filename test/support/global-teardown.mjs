import { rm } from 'node:fs/promises';

export default async function tearDown() {
  const { home, postgres } = globalThis.sceauTestRun;
  await postgres?.stop();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
}
