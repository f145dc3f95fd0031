import { Partners1764000000000 } from './1764000000000-partners';
import { Objects1764000000001 } from './1764000000001-objects';
import { ClientInfo1764000000003 } from './1764000000003-client-info';

/** Forward only, in this order. */
export const migrations = [Partners1764000000000, Objects1764000000001, ClientInfo1764000000003];
