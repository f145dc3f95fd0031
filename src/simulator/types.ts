import type { Json, JsonObject } from './json';

export type InterfaceRole = 'SENDER' | 'RECEIVER';
export type PartyRole = 'CPO' | 'EMSP' | 'HUB' | 'NAP' | 'NSP' | 'OTHER' | 'SCSP';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who a party is: the pair in URLs, objects and routing headers. */
export interface PartyId {
  country_code: string;
  party_id: string;
}

/** Whom the TO headers of a request name: a party, the hub itself, or nobody (null: open routing). */
export type Recipient = PartyId | 'hub' | null;

/** A party that a platform hosts, with its role and display name. */
export interface Party extends PartyId {
  role: PartyRole;
  name: string;
}

/** One line of version details. */
export interface OfferedModule {
  identifier: string;
  role: InterfaceRole;
}

/** A request as the platform received it, kept in order of arrival. */
export interface ReceivedRequest {
  method: string;
  /** Path after the host, without the query, still percent-encoded. */
  path: string;
  query: Record<string, string>;
  /** The query as it came, without the `?`. */
  search: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The exact bytes, as UTF-8 text. */
  body: string;
  /** The body parsed; undefined where it is empty or no JSON. */
  json: Json | undefined;
  /** Milliseconds since 1970, when the whole body was there. */
  at: number;
  /** Module identifier, 'versions' or 'details'; undefined where the path is not ours. */
  module: string | undefined;
  /** Interface that was called; undefined for configuration endpoints. */
  role: InterfaceRole | undefined;
  /** Decoded segments after the endpoint's URL. */
  segments: string[];
}

/** What the platform answers: an HTTP status and an OCPI envelope. */
export interface Reply {
  http: number;
  status_code: number;
  status_message?: string;
  data?: Json | undefined;
  headers?: Record<string, string>;
  /** Done once the answer has gone out. */
  after?: () => void;
}

/**
 * What a test makes the platform do with one request instead of its own answer.
 * An override that sets an answer (http, body, status_code ...), hangs or resets keeps the request from
 * being handled, unless `handle` is true: then it is handled (stored) and only the answer is lost or replaced.
 */
export interface Override {
  http?: number;
  /** Sent as it is when a string or bytes, as JSON otherwise; replaces the whole envelope. */
  body?: string | Buffer | Json;
  headers?: Record<string, string>;
  status_code?: number;
  status_message?: string;
  data?: Json;
  /** Never answer; the socket stays open. */
  hang?: boolean;
  /** Reset the connection without an answer. */
  reset?: boolean;
  /** Send the headers, then one byte of white space each so many milliseconds, never the end. */
  drip?: number;
  /** Handle and answer only after this promise has settled. */
  until?: Promise<unknown>;
  handle?: boolean;
}

/** The hook: undefined means the platform's own answer. */
export type Behaviour = (request: ReceivedRequest) => Override | undefined | Promise<Override | undefined>;

/** An answer to a request that the platform sent. */
export interface Answer {
  http: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  text: string;
  /** The body parsed; undefined where it is no JSON. */
  json: Json | undefined;
  /** status_code of the envelope; undefined where there is none. */
  status: number | undefined;
  message: string;
  /** `data` of the envelope. */
  data: Json | undefined;
}

/** A request and its answer, as the one side or the other saw it. */
export interface Exchange {
  direction: 'sent' | 'received';
  method: string;
  /** The whole URL of a sent one; path and query of a received one. */
  url: string;
  /** Of the request, names in lower case. */
  headers: Record<string, string>;
  /** Milliseconds since 1970: when it was sent, or received with its whole body. */
  at: number;
  /** HTTP status of the answer; undefined where none came or was given. */
  http: number | undefined;
  /** OCPI status_code of the answer. */
  status: number | undefined;
}

/** Where another platform answers: what the handshake found out about it. */
export interface Peer {
  versionsUrl: string;
  /** The token to send with every request to it. */
  token: string;
  endpoints: { identifier: string; role: InterfaceRole; url: string }[];
  /** Its parties, of its credentials; of a hub the single one with the role HUB. */
  parties: (PartyId & { role: string })[];
}

/** A request to the other platform. */
export interface Sending {
  method: Method;
  module: string;
  interface: InterfaceRole;
  /** What follows the endpoint: '' or '/BE/BEC/LOC1' as it is, or segments that are percent-encoded. */
  path?: string | readonly string[];
  query?: Record<string, string | number>;
  /** A string is sent as it is. */
  body?: string | JsonObject;
  /** FROM headers; the platform's first party where not given, none where null. */
  from?: PartyId | null;
  /** TO headers; none where not given. */
  to?: Recipient;
  /** Added last, so that they win over all others. */
  headers?: Record<string, string>;
  requestId?: string;
  correlationId?: string;
  /** Instead of the peer's token; null: no Authorization header. */
  token?: string | null;
  timeoutMs?: number;
}
