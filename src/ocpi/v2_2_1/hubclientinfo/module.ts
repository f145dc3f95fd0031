import type { ConfigurationModule } from '../../version';
import { ClientInfo } from './dto';

/** mod_hub_client_info: a hub only sends it. */
export const hubclientinfo: ConfigurationModule = {
  identifier: 'hubclientinfo',
  dto: ClientInfo,
  hasInterfaces: true,
};
