import { SystemRandomness } from '../../../../src/kernel/randomness.js';
import { KeyProbe } from '../../../../src/sealing/index.js';
import { MovableClock } from '../../../support/clock.js';
import {
  installKms,
  installVault,
  type ServedInstallation,
} from '../../../support/key-services/installations.js';

describe.each([
  ['vault', installVault, /decrypt/],
  ['aws-kms', installKms, /^Decrypt$/],
] as const)('the probe of %s', (_, install, unwrapping) => {
  let clock: MovableClock;
  let installation: ServedInstallation;

  beforeEach(async () => {
    clock = new MovableClock();
    installation = await install();
  });

  afterEach(() => installation.remove());

  it('asks the provider once a second at most, and once for questions at the same moment', async () => {
    const probe = new KeyProbe(await installation.open(), new SystemRandomness(), clock);
    await Promise.all(Array.from({ length: 5 }, () => probe.check()));
    expect(installation.service.count(unwrapping)).toBe(1);
    await probe.check();
    expect(installation.service.count(unwrapping)).toBe(1);
    clock.advance({ seconds: 1 });
    await probe.check();
    expect(installation.service.count(unwrapping)).toBe(2);
  });

  it('does not mind that the version under which it was wrapped is retired', async () => {
    const provider = await installation.open();
    const probe = new KeyProbe(provider, new SystemRandomness(), clock);
    await probe.check();
    await provider.rotate();
    await provider.retire(1);
    clock.advance({ seconds: 1 });
    await expect(probe.check()).resolves.toBeUndefined();
  });
});
