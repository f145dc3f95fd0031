import type { Logger } from 'pino';
import type { Config } from '../../config';
import type { PartnerClient } from '../../partners/partner-client';
import type { Findings } from '../../store/findings';
import type { Registry } from '../../store/registry';
import type { Vault } from '../../store/vault';

/** What a handshake works with. */
export interface HandshakeParts {
  config: Config;
  log: Logger;
  registry: Registry;
  vault: Vault;
  partnerClient: PartnerClient;
  findings: Findings;
}
