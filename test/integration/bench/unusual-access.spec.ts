import { honestTraffic, PATIENT_THEFT, playTheft, THEFTS } from '../../../bench/unusual-access/simulation.ts';
import { type Behaviour, unusual } from '../../../src/modules/unusual-access/rules.js';
import { testSettings } from '../../support/settings.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const { unusualAccess: thresholds } = testSettings(NO_DATABASE, '/nowhere', 0);
const look = (behaviour: Behaviour) => unusual(behaviour, thresholds);

describe('a simulated month', () => {
  it('of fifty honest agencies has one alert a week at most', () => {
    const { alerts, weeks, candidates, clients } = honestTraffic(look, 7, 50, 4);
    expect(clients).toBeGreaterThan(50);
    expect(candidates).toBeGreaterThan(5_000);
    expect(alerts.length / weeks).toBeLessThanOrEqual(1);
  });

  it.each(THEFTS)('with a theft shows it before fifty are read: $name', (theft) => {
    const { exposed, isNoticed } = playTheft(look, theft, 1);
    expect(isNoticed).toBe(true);
    expect(exposed).toBeLessThan(50);
  });

  it('does not show one that does only what its client does: that is for budgets and canaries', () => {
    expect(playTheft(look, PATIENT_THEFT, 1, 8)).toMatchObject({ isNoticed: false, exposed: 48 });
  });
});
