import { catalogueRoutes, type Instance } from '../../contract/catalogue.ts';
import type { CallerInstance } from '../../engine/access/caller.ts';
import { handlers } from './handlers.ts';

export const catalogueHandlers = handlers(catalogueRoutes, {
  catalogue: async (ctx) => ctx.catalogue.toContract(ctx.caller.instances.map(toInstance)),
});

const toInstance = (instance: CallerInstance): Instance => ({
  instance: instance.amcInstanceId,
  name: instance.name,
  connection: instance.connection,
  marketplaceId: instance.marketplaceId,
  timeZone: instance.timeZone,
  advertiserTypes: [...instance.advertiserTypes],
  currencies: [...instance.currencies],
});
