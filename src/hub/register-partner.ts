/** Handshakes of credentials, both ways (spec: credentials; HUB-SEMANTICS 10 to 19). */
export { ownCredentials, versionsUrl, type OwnCredentials } from './handshake/own-credentials';
export type { HandshakeParts } from './handshake/parts';
export { receiveRegistration, receiveUpdate, unregister, type CredentialsCall } from './handshake/receive';
export { startHandshake, type Invitation } from './handshake/start';
