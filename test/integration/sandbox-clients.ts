import COS from 'cos-nodejs-sdk-v5';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommonClient } from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/common_client.js';
import { onTestFinished } from 'vitest';
import { startSandbox } from '../../main/sandbox/sandbox.ts';
import type { Sandbox, SandboxAccount, SandboxOptions } from '../../main/sandbox/sandbox.ts';

/** A temporary credential as these tests need it, of either service. */
export interface Credential {
  readonly id: string;
  readonly key: string;
  readonly token: string;
  readonly bucket: string;
  readonly region: string;
  /** The prefix (ms) or the whole key (car). */
  readonly scope: string;
}

/** A fresh folder that goes away with the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A sandbox that ends with the test. */
export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const directory = options.directory ?? await temporaryDirectory();
  const sandbox = await startSandbox({ ...options, directory });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The official client of API 3.0. */
export function apiClient(sandbox: Sandbox, version: string, account: SandboxAccount = sandbox.accounts[0]!): CommonClient {
  return new CommonClient(new URL(sandbox.url).host, version, {
    credential: account,
    profile: { httpProfile: { protocol: 'http://' } },
  });
}

export const msClient = (sandbox: Sandbox, account?: SandboxAccount) => apiClient(sandbox, '2018-04-08', account);
export const carClient = (sandbox: Sandbox, account?: SandboxAccount) => apiClient(sandbox, '2022-01-10', account);

export async function msCredential(sandbox: Sandbox, parameters: object = {}): Promise<Credential> {
  const reply = await msClient(sandbox).request('CreateCosSecKeyInstance', parameters);
  return {
    id: reply.CosId, key: reply.CosKey, token: reply.CosToken,
    bucket: `${reply.CosBucket}-${reply.CosAppid}`, region: reply.CosRegion, scope: reply.CosPrefix,
  };
}

export async function carCredential(sandbox: Sandbox, applicationId = 'app-sandbox'): Promise<Credential> {
  const reply = await carClient(sandbox).request('DescribeCosCredential', { ApplicationId: applicationId });
  return {
    id: reply.SecretID, key: reply.SecretKey, token: reply.SessionToken,
    bucket: reply.CosBucket, region: reply.CosRegion, scope: reply.Path,
  };
}

/** The official COS SDK, which neither retries nor corrects its clock here. */
export function cosClient(sandbox: Sandbox, credential: Credential, changes: Partial<COS.COSOptions> = {}): COS {
  return new COS({
    SecretId: credential.id,
    SecretKey: credential.key,
    SecurityToken: credential.token,
    Domain: new URL(sandbox.url).host,
    Protocol: 'http:',
    CorrectClockSkew: false,
    UploadCheckContentMd5: true,
    ...changes,
  });
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly key: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
  /** Instead of the key, percent-encoded. */
  readonly path?: string;
  /** Signed in place of the query. */
  readonly signedQuery?: Record<string, string>;
}

/** A plain request with the SDK's signature, for what the SDK itself would not send. */
export function signedRequest(sandbox: Sandbox, credential: Credential, options: SignedRequest): Promise<Reply> {
  const { method, key, query = {}, body = Buffer.alloc(0) } = options;
  const host = options.headers?.['Host'] ?? new URL(sandbox.url).host;
  const headers: Record<string, string> = { Host: host, 'Content-Length': String(body.length), ...options.headers };
  const authorization = COS.getAuthorization({
    SecretId: credential.id, SecretKey: credential.key, Method: method as COS.Method, Key: key,
    Query: options.signedQuery ?? query, Headers: headers,
  });
  const encoded = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const path = (options.path ?? `/${key.split('/').map(encodeURIComponent).join('/')}`) + (encoded && `?${encoded}`);
  return plainRequest(sandbox, {
    method, path, body, headers: { Authorization: authorization, 'x-cos-security-token': credential.token, ...headers },
  });
}

export function plainRequest(
  sandbox: Sandbox,
  { method, path, headers = {}, body }: { method: string; path: string; headers?: Record<string, string>; body?: Buffer },
): Promise<Reply> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The `<Code>` of an error document. */
export const codeOf = (reply: Reply): string | undefined => /<Code>(.*)<\/Code>/.exec(reply.body)?.[1];
