import { honestTraffic } from '../../../bench/unusual-access/honest-traffic.ts';
import { PATIENT_THEFT, playTheft, SLOW_THEFTS, THEFTS } from '../../../bench/unusual-access/thefts.ts';
import { type Behaviour, silenceAfter, unusual } from '../../../src/modules/unusual-access/rules.js';
import { testSettings } from '../../support/settings.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const { unusualAccess: thresholds } = testSettings(NO_DATABASE, '/nowhere', 0);
const look = (behaviour: Behaviour) => unusual(behaviour, thresholds);
const SEEDS = Array.from({ length: 16 }, (_, seed) => seed);

describe('simulated months', () => {
  it('of fifty honest agencies have one alert a week at most', () => {
    const months = SEEDS.slice(0, 6).map((seed) => honestTraffic(look, silenceAfter, seed, 50, 4));
    for (const { clients, candidates } of months) {
      expect(clients).toBeGreaterThan(50);
      expect(candidates).toBeGreaterThan(5_000);
    }
    const weeks = months.reduce((sum, month) => sum + month.weeks, 0);
    expect(months.flatMap(({ alerts }) => alerts).length / weeks).toBeLessThanOrEqual(1);
  });

  it.each(THEFTS)('with a theft show it before fifty are read: $name', (theft) => {
    for (const seed of SEEDS) {
      const { exposed, isNoticed } = playTheft(look, theft, seed);
      expect(isNoticed).toBe(true);
      expect(exposed).toBeLessThan(50);
    }
  });

  it.each(SLOW_THEFTS)('with a slow theft from a small agency show it when they can: $name', (theft) => {
    const noticed = SEEDS.map((seed) => playTheft(look, theft, seed)).filter(({ isNoticed }) => isNoticed);
    expect(noticed.length / SEEDS.length).toBeGreaterThanOrEqual(theft.leastNoticed);
    expect(Math.max(0, ...noticed.map(({ exposed }) => exposed))).toBeLessThanOrEqual(theft.mostExposed);
  });

  it('do not show one that does only what its client does: that is for budgets and canaries', () => {
    expect(playTheft(look, PATIENT_THEFT, 1)).toMatchObject({ isNoticed: false, exposed: 30 });
  });
});
