import type { INestApplicationContext } from '@nestjs/common';
import { EnvironmentError, readEnvironment } from './platform/config/environment.js';
import type { Settings } from './platform/config/settings.js';

/** The settings of this process, or one clear message and exit code 2. */
export function readSettingsOrExit(): Settings {
  try {
    return readEnvironment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Stops cleanly when asked by a signal, or when the process that started this one is gone. */
export function stopOnRequest(app: INestApplicationContext): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
}
