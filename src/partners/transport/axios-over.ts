import axios, {
  AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { Transport } from './transport';
import type { TransportFailure } from './transport-types';

/** What the adapter throws where no answer came. */
export class NoAnswer extends Error {
  constructor(readonly failure: TransportFailure) {
    super(failure.detail);
  }
}

declare module 'axios' {
  interface AxiosRequestConfig {
    /** The partner whose connections are used. */
    pool?: string;
  }
}

/**
 * One axios instance whose adapter is the hub's transport: bytes in, bytes out, every status an answer, nothing
 * transformed, followed or unpacked. Rejects with NoAnswer.
 */
export function axiosOver(transport: Transport): AxiosInstance {
  const asIs = [(data: unknown): unknown => data];
  return axios.create({
    adapter: (config) => adapt(transport, config),
    proxy: false,
    maxRedirects: 0,
    validateStatus: null,
    transformRequest: asIs,
    transformResponse: asIs,
  });
}

async function adapt(transport: Transport, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const result = await transport.send({
    pool: config.pool ?? '',
    method: (config.method ?? 'get').toUpperCase(),
    url: config.url ?? '',
    headers: plainHeaders(config.headers),
    body: bodyOf(config.data),
    timeoutMs: config.timeout ?? 0,
    signal: config.signal instanceof AbortSignal ? config.signal : undefined,
  });
  if (!result.ok) throw new NoAnswer(result.failure);
  const headers = new AxiosHeaders(result.headers);
  return { data: result.body, status: result.status, statusText: '', headers, config };
}

function plainHeaders(headers: InternalAxiosRequestConfig['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers.toJSON())) {
    if (value !== null && value !== undefined) plain[name] = String(value);
  }
  return plain;
}

function bodyOf(data: unknown): string | Buffer | undefined {
  return typeof data === 'string' || Buffer.isBuffer(data) ? data : undefined;
}
