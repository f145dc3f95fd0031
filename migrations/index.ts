import { Partners1764000000000 } from './1764000000000-partners';
import { Objects1764000000001 } from './1764000000001-objects';
import { Callbacks1764000000002 } from './1764000000002-callbacks';
import { ClientInfo1764000000003 } from './1764000000003-client-info';
import { Pull1764000000004 } from './1764000000004-pull';
import { Workers1764000000005 } from './1764000000005-workers';
import { Gaps1764000000006 } from './1764000000006-gaps';
import { RowsInPlace1764000000008 } from './1764000000008-rows-in-place';
import { FullPushSince1764000000009 } from './1764000000009-full-push-since';
import { RoleInfo1764000000010 } from './1764000000010-role-info';
import { ReceiverAnswers1764000000015 } from './1764000000015-receiver-answers';
import { TrailingSlash1764000000017 } from './1764000000017-trailing-slash';
import { FormerTokens1764000000018 } from './1764000000018-former-tokens';
import { WantedParties1764000000019 } from './1764000000019-wanted-parties';
import { NotKept1764000000020 } from './1764000000020-not-kept';

/** Forward only, in this order. */
export const migrations = [
  Partners1764000000000,
  Objects1764000000001,
  Callbacks1764000000002,
  ClientInfo1764000000003,
  Pull1764000000004,
  Workers1764000000005,
  Gaps1764000000006,
  RowsInPlace1764000000008,
  FullPushSince1764000000009,
  RoleInfo1764000000010,
  ReceiverAnswers1764000000015,
  TrailingSlash1764000000017,
  FormerTokens1764000000018,
  WantedParties1764000000019,
  NotKept1764000000020,
];
