import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { BucketStore } from './bucket-store.js';
import { FolderStore } from './folder-store.js';
import { ObjectStore } from './object-store.js';

@Global()
@Module({
  providers: [
    {
      provide: ObjectStore,
      inject: [Settings],
      useFactory: ({ documents: { store, objectStoreKey } }: Settings): ObjectStore =>
        store.kind === 'folder' ? new FolderStore(store.path) : new BucketStore(store, objectStoreKey),
    },
  ],
  exports: [ObjectStore],
})
export class ObjectsModule {}
