import type { INestApplicationContext } from '@nestjs/common';
import { Failure, systemCode } from './kernel/errors.js';
import { EnvironmentError, readEnvironment } from './platform/config/environment.js';
import type { Settings } from './platform/config/settings.js';
import { Logger } from './platform/logging/logger.js';

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

/** What a process may start with and should not be left at. Mail in a folder is development's: whoever looks there is told. */
export function warnOfSilence({ alerts, mail }: Settings, logger: Logger): void {
  const isTold = alerts.mail.length > 0 || alerts.webhook !== undefined || mail.mode === 'folder';
  if (!isTold) logger.warn('alerts are told to nobody: set ALERT_MAIL or ALERT_WEBHOOK');
}

/** What a process starts with, or one clear sentence and exit code 1. The log has where it came from. */
export async function startOrExit<T>(settings: Settings, start: () => Promise<T>): Promise<T> {
  const logger = new Logger(settings);
  warnOfSilence(settings, logger);
  try {
    return await start();
  } catch (error) {
    logger.fault('not started', error);
    process.stderr.write(`Sceau cannot start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** Messages of libraries stay out: they may quote what they were given. */
function reasonOf(error: unknown): string {
  if (error instanceof Failure && error.code === 'keys_unavailable')
    return `${error.privateDetail ?? 'the keys cannot be used'}. Is KEYRING_PATH the keyring of this database?`;
  if (error instanceof Failure) return `${error.privateDetail ?? error.code}.`;
  const code = systemCode(error);
  return code === undefined ? 'an unexpected fault, see the log.' : `the database or a file answers ${code}.`;
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
