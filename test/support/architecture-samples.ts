/** Paths below the root and what stands in the files. */
export type Tree = Readonly<Record<string, string>>;

/** A tree with every room, every import it may have, and no other. */
export const CLEAN: Tree = {
  'package.json': JSON.stringify({
    name: 'sample',
    type: 'module',
    dependencies: { '@nestjs/common': '*', typeorm: '*', uuid: '*' },
    devDependencies: { 'fast-check': '*' },
  }),
  'migrations/0001-first.ts': `import type { MigrationInterface } from 'typeorm'; export type M = MigrationInterface;`,
  'src/main.ts': `import './app.module.js';`,
  'src/app.module.ts': `import './api/candidate/profile.controller.js'; import './rooms.module.js';`,
  'src/rooms.module.ts': `import './modules/candidates/index.js'; import './sealing/index.js';`,
  'src/kernel/ids.ts': `export { v7 } from 'uuid';`,
  'src/platform/clock.ts': `import { v7 } from '../kernel/ids.js'; export const clock = v7;`,
  'src/platform/database/database.ts': `import { v7 } from '../../kernel/ids.js'; export const run = v7;`,
  'src/sealing/index.ts': `export { SealingModule } from './sealing.module.js';`,
  'src/sealing/sealing.module.ts': `import { Opener } from './opening.js'; export const SealingModule = [Opener];`,
  'src/sealing/opening.ts': `import { clock } from '../platform/clock.js'; export const Opener = clock;`,
  'src/sealing/opening.spec.ts': `import { Opener } from './opening.js'; import 'fast-check'; import '../../test/support/actors.js'; export default Opener;`,
  'src/ledger/index.ts': `export { root } from './merkle/root.js'; export { clock } from '../platform/clock.js';`,
  'src/ledger/merkle/root.ts': `import { createHash } from 'node:crypto'; import '../../kernel/ids.js'; export const root = createHash;`,
  'src/disclosure/index.ts': `export { disclose } from './disclose.js';`,
  'src/disclosure/disclose.ts': `import { Opener } from '../sealing/opening.js'; import { root } from '../ledger/index.js'; import { allowed } from './release.policy.js'; export const disclose = [Opener, root, allowed];`,
  'src/disclosure/release.policy.ts': `import { v7 } from '../kernel/ids.js'; export const allowed = v7;`,
  'src/modules/candidates/index.ts': `export { profiles } from './profiles.service.js';`,
  'src/modules/candidates/profiles.service.ts': `import { disclose } from '../../disclosure/index.js'; import { SealingModule } from '../../sealing/index.js'; import { Profile } from './persistence/profile.entity.js'; import { run } from '../../platform/database/database.js'; import { vacancies } from '../vacancies/index.js'; export const profiles = [disclose, SealingModule, Profile, run, vacancies];`,
  'src/modules/candidates/persistence/profile.entity.ts': `import { Entity } from 'typeorm'; export const Profile = Entity;`,
  'src/modules/vacancies/index.ts': `export { vacancies } from './vacancies.service.js';`,
  'src/modules/vacancies/vacancies.service.ts': `import { Injectable } from '@nestjs/common'; export const vacancies = Injectable;`,
  'src/api/candidate/profile.controller.ts': `import { profiles } from '../../modules/candidates/index.js'; import { root } from '../../ledger/index.js'; export const c = [profiles, root];`,
  'src/api/public/vacancies.controller.ts': `import { vacancies } from '../../modules/vacancies/index.js'; export const c = vacancies;`,
  'src/cli/main.ts': `import { profiles } from '../modules/candidates/index.js'; import '../sealing/index.js'; import '../ledger/index.js'; import '../rooms.module.js'; export const c = profiles;`,
  'test/support/actors.ts': `export {};`,
};

/** For each rule one tree that breaks it: what is added to the clean tree, and the import that must be named. */
export const BREACHES: readonly [rule: string, added: Tree, named: string][] = [
  [
    'kernel-looks-down-only',
    { 'src/kernel/x.ts': `import '../platform/clock.js';` },
    'src/kernel/x.ts -> src/platform/clock.ts',
  ],
  [
    'kernel-looks-down-only',
    { 'src/kernel/x.ts': `import type { M } from '../../migrations/0001-first.js'; export type X = M;` },
    'src/kernel/x.ts -> migrations/0001-first.ts',
  ],
  [
    'platform-looks-down-only',
    { 'src/platform/x.ts': `import '../sealing/index.js';` },
    'src/platform/x.ts -> src/sealing/index.ts',
  ],
  [
    'sealing-looks-down-only',
    { 'src/sealing/x.ts': `import '../ledger/index.js';` },
    'src/sealing/x.ts -> src/ledger/index.ts',
  ],
  [
    'ledger-looks-down-only',
    { 'src/ledger/x.ts': `import '../sealing/index.js';` },
    'src/ledger/x.ts -> src/sealing/index.ts',
  ],
  [
    'disclosure-looks-down-only',
    { 'src/disclosure/x.ts': `import '../modules/vacancies/index.js';` },
    'src/disclosure/x.ts -> src/modules/vacancies/index.ts',
  ],
  [
    'modules-looks-down-only',
    { 'src/modules/vacancies/x.ts': `import '../../api/candidate/profile.controller.js';` },
    'src/modules/vacancies/x.ts -> src/api/candidate/profile.controller.ts',
  ],
  [
    'api-looks-down-only',
    { 'src/api/public/x.ts': `import '../../sealing/index.js';` },
    'src/api/public/x.ts -> src/sealing/index.ts',
  ],
  [
    'api-looks-down-only',
    { 'src/api/public/x.ts': `import '../../app.module.js';` },
    'src/api/public/x.ts -> src/app.module.ts',
  ],
  [
    'cli-looks-down-only',
    { 'src/cli/x.ts': `import '../disclosure/index.js';` },
    'src/cli/x.ts -> src/disclosure/index.ts',
  ],
  [
    'door-of-the-pillars',
    { 'src/modules/vacancies/x.ts': `import '../../ledger/merkle/root.js';` },
    'src/modules/vacancies/x.ts -> src/ledger/merkle/root.ts',
  ],
  [
    'door-of-the-pillars',
    { 'src/disclosure/x.ts': `import '../sealing/sealing.module.js';` },
    'src/disclosure/x.ts -> src/sealing/sealing.module.ts',
  ],
  [
    'door-of-the-pillars',
    { 'src/api/public/x.ts': `import '../../disclosure/disclose.js';` },
    'src/api/public/x.ts -> src/disclosure/disclose.ts',
  ],
  [
    'opening-is-for-disclosure',
    { 'src/modules/vacancies/x.ts': `import '../../sealing/opening.js';` },
    'src/modules/vacancies/x.ts -> src/sealing/opening.ts',
  ],
  [
    'opening-is-for-disclosure',
    { 'src/worker.ts': `import './sealing/opening.js';` },
    'src/worker.ts -> src/sealing/opening.ts',
  ],
  [
    'opening-is-for-disclosure',
    { 'src/sealing/index.ts': `export { Opener } from './opening.js';` },
    'src/sealing/index.ts -> src/sealing/opening.ts',
  ],
  [
    'opening-is-for-disclosure',
    { 'src/disclosure/index.ts': `export { Opener } from '../sealing/opening.js';` },
    'src/disclosure/index.ts -> src/sealing/opening.ts',
  ],
  [
    'opening-is-for-disclosure',
    { 'src/api/public/x.ts': `export const later = () => import('../../sealing/opening.js');` },
    'src/api/public/x.ts -> src/sealing/opening.ts',
  ],
  [
    'opening-is-for-disclosure',
    {
      'src/api/public/x.ts': `import type { Opener } from '../../sealing/opening.js'; export type X = typeof Opener;`,
    },
    'src/api/public/x.ts -> src/sealing/opening.ts',
  ],
  [
    'door-of-a-module',
    { 'src/modules/candidates/x.ts': `import '../vacancies/vacancies.service.js';` },
    'src/modules/candidates/x.ts -> src/modules/vacancies/vacancies.service.ts',
  ],
  [
    'door-of-modules-for-edges',
    { 'src/api/public/x.ts': `import '../../modules/vacancies/vacancies.service.js';` },
    'src/api/public/x.ts -> src/modules/vacancies/vacancies.service.ts',
  ],
  [
    'door-of-modules-for-edges',
    { 'src/cli/x.ts': `import '../modules/vacancies/vacancies.service.js';` },
    'src/cli/x.ts -> src/modules/vacancies/vacancies.service.ts',
  ],
  [
    'persistence-is-private',
    { 'src/modules/candidates/index.ts': `export { Profile } from './persistence/profile.entity.js';` },
    'src/modules/candidates/index.ts -> src/modules/candidates/persistence/profile.entity.ts',
  ],
  [
    'persistence-is-private',
    { 'src/worker.ts': `import './modules/candidates/persistence/profile.entity.js';` },
    'src/worker.ts -> src/modules/candidates/persistence/profile.entity.ts',
  ],
  [
    'persistence-is-private',
    { 'src/cli/x.ts': `import '../modules/candidates/persistence/profile.entity.js';` },
    'src/cli/x.ts -> src/modules/candidates/persistence/profile.entity.ts',
  ],
  [
    'no-circle-of-modules',
    {
      'src/modules/candidates/a.ts': `import '../vacancies/index.js';`,
      'src/modules/vacancies/b.ts': `import '../applications/index.js';`,
      'src/modules/applications/index.ts': `export * from './d.js';`,
      'src/modules/applications/c.ts': `import '../candidates/index.js';`,
      'src/modules/applications/d.ts': `import '../../kernel/ids.js';`,
    },
    'src/modules/vacancies -> src/modules/applications',
  ],
  [
    'audiences-never-meet',
    { 'src/api/public/x.ts': `import '../candidate/profile.controller.js';` },
    'src/api/public/x.ts -> src/api/candidate/profile.controller.ts',
  ],
  [
    'edges-have-no-database',
    { 'src/api/public/x.ts': `import '../../platform/database/database.js';` },
    'src/api/public/x.ts -> src/platform/database/database.ts',
  ],
  [
    'edges-have-no-database',
    { 'src/api/public/x.ts': `import 'typeorm';` },
    'src/api/public/x.ts -> node_modules/typeorm/',
  ],
  [
    'kernel-knows-no-framework',
    { 'src/kernel/x.ts': `import '@nestjs/common';` },
    'src/kernel/x.ts -> node_modules/@nestjs/common/',
  ],
  [
    'rules-are-pure',
    { 'src/modules/vacancies/x.machine.ts': `import 'typeorm';` },
    'src/modules/vacancies/x.machine.ts -> node_modules/typeorm/',
  ],
  [
    'rules-are-pure',
    { 'src/disclosure/release-policy.ts': `import '@nestjs/common';` },
    'src/disclosure/release-policy.ts -> node_modules/@nestjs/common/',
  ],
  [
    'rules-are-pure',
    { 'src/ledger/merkle/x.ts': `import '@nestjs/common';` },
    'src/ledger/merkle/x.ts -> node_modules/@nestjs/common/',
  ],
  [
    'rules-are-pure-of-platform',
    { 'src/modules/vacancies/x.policy.ts': `import '../../platform/clock.js';` },
    'src/modules/vacancies/x.policy.ts -> src/platform/clock.ts',
  ],
  [
    'merkle-stands-alone',
    { 'src/ledger/merkle/x.ts': `import '../entry.js';`, 'src/ledger/entry.ts': `export {};` },
    'src/ledger/merkle/x.ts -> src/ledger/entry.ts',
  ],
  [
    'migrations-stand-alone',
    { 'migrations/0002-x.ts': `import type { v7 } from '../src/kernel/ids.js'; export type X = typeof v7;` },
    'migrations/0002-x.ts -> src/kernel/ids.ts',
  ],
  [
    'migrations-import-types-only',
    { 'migrations/0002-x.ts': `import { Table } from 'typeorm'; export const x = Table;` },
    'migrations/0002-x.ts -> node_modules/typeorm/',
  ],
  [
    'nothing-imports-test',
    { 'src/cli/x.ts': `import '../../test/support/actors.js';` },
    'src/cli/x.ts -> test/support/actors.ts',
  ],
  [
    'nothing-imports-test',
    { 'src/disclosure/x.ts': `import './x.spec.js';`, 'src/disclosure/x.spec.ts': `export {};` },
    'src/disclosure/x.ts -> src/disclosure/x.spec.ts',
  ],
  [
    'every-file-has-a-room',
    { 'src/utils/x.ts': `import '../kernel/ids.js';` },
    'src/utils/x.ts -> src/kernel/ids.ts',
  ],
  [
    'no-circle',
    { 'src/kernel/x.ts': `import './y.js';`, 'src/kernel/y.ts': `import './x.js';` },
    'src/kernel/x.ts -> src/kernel/y.ts -> src/kernel/x.ts',
  ],
  ['no-orphan', { 'src/kernel/alone.ts': `export const x = 1;` }, 'src/kernel/alone.ts'],
  ['imports-resolve', { 'src/kernel/x.ts': `import './missing.js';` }, 'src/kernel/x.ts -> ./missing.js'],
  [
    'no-development-packages',
    { 'src/platform/x.ts': `import 'fast-check';` },
    'src/platform/x.ts -> node_modules/fast-check/',
  ],
];
