import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { FerryError } from '../ferry-error.ts';
import { createApiService } from './api-service.ts';
import { readCosRequest } from './cos-access.ts';
import { createCosService } from './cos-service.ts';
import { headerOf, splitUrl } from './http-request.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import type { MultipartUpload } from './multipart-uploads.ts';
import { ObjectFiles } from './object-files.ts';
import { RequestLog } from './request-log.ts';
import type { LoggedRequest } from './request-log.ts';
import { defaultRules } from './sandbox-rules.ts';
import type { SandboxRules } from './sandbox-rules.ts';
import { TemporaryKeys } from './temporary-keys.ts';

export interface SandboxAccount {
  readonly secretId: string;
  readonly secretKey: string;
}

/** A request before anything of it was checked or read. */
export interface ArrivedRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** The action of API 3.0, or the operation of COS; '' where it is neither. */
  readonly operation: string;
}

/** Consulted once per request; settling with true means that it has dealt with the request itself. */
export type SandboxFaults = (request: ArrivedRequest) => boolean | Promise<boolean>;

export interface SandboxOptions extends Partial<SandboxRules> {
  /** Objects and unfinished uploads live below it, and outlive the sandbox. */
  readonly directory: string;
  /** On 127.0.0.1; 0, the default, takes any that is free. */
  readonly port?: number;
  /** Default: one, made up at each start. */
  readonly accounts?: readonly SandboxAccount[];
  /** The ApplicationIds that exist. Default: `app-sandbox`. */
  readonly applications?: readonly string[];
  /** The server's clock, epoch milliseconds. */
  readonly now?: () => number;
  readonly faults?: SandboxFaults;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`: the API endpoint and the COS domain alike. */
  readonly url: string;
  readonly accounts: readonly SandboxAccount[];
  readonly objectsDirectory: string;
  /** May be changed at any time; holds from the next request on. */
  readonly rules: SandboxRules;
  /** The file that holds the object's bytes, or would hold them. */
  objectPath(bucket: string, key: string): string;
  listObjects(): Promise<readonly { readonly bucket: string; readonly key: string; readonly size: number }[]>;
  /** The unfinished ones. */
  listMultipartUploads(): Promise<readonly MultipartUpload[]>;
  /** The last ten thousand requests, oldest first. */
  requests(): readonly LoggedRequest[];
  /** The keys and tokens issued so far, for who wants to see that they turn up nowhere. */
  issuedSecrets(): readonly string[];
  /** All temporary keys issued so far answer 403 `InvalidAccessKeyId` from now on. */
  revokeCredentials(): void;
  /** Breaks off every connection; settles once nothing writes to the folder any more. */
  close(): Promise<void>;
}

/**
 * Starts the cloud in a box: Tencent Cloud API 3.0 and COS on one loopback port, as strict about
 * signatures, scopes and expiry as the real ones. Throws a FerryError `sandbox-unavailable`.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, port = 0, now = Date.now, applications = ['app-sandbox'], faults } = options;
  const accounts = options.accounts ?? [madeUpAccount()];
  const rules = rulesOf(options);
  const keys = new TemporaryKeys();
  const objects = new ObjectFiles(directory);
  const uploads = new MultipartUploads(directory);
  const log = new RequestLog();
  const underWay = new Set<Promise<void>>();

  const serveApi = createApiService({
    keys, rules, applications, now,
    secretKeyOf: (secretId) => accounts.find((account) => account.secretId === secretId)?.secretKey,
  });
  const serveCos = createCosService({ keys, rules, objects, uploads, now });

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const atMs = now();
    const operation = operationOf(req);
    const logAs = (status: number, code: string | null): void => log.add({ method: req.method ?? '', operation, status, code, atMs });
    // Node's own Date would tell the machine's time, not the server's.
    res.sendDate = false;
    res.setHeader('Date', new Date(atMs).toUTCString());
    try {
      if (await faults?.({ req, res, operation })) {
        logAs(res.headersSent ? res.statusCode : 0, null);
        return;
      }
      const code = await (isApi(req) ? serveApi : serveCos)(req, res);
      logAs(res.statusCode, code);
    } catch {
      // The client is gone, or was cut off: there is nobody to tell.
      logAs(0, null);
      req.destroy();
    }
  }

  const server = createServer((req, res) => {
    const serving = serve(req, res).finally(() => underWay.delete(serving));
    underWay.add(serving);
  });
  // A part may take hours on a slow line, and kept-alive connections pause between parts.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;

  let boundPort: number;
  try {
    await objects.open();
    await uploads.open();
    boundPort = await listen(server, port);
  } catch (error) {
    throw new FerryError({ code: 'sandbox-unavailable', detail: error instanceof Error ? error.message : String(error) }, { cause: error });
  }

  return {
    url: `http://127.0.0.1:${boundPort}`,
    accounts,
    objectsDirectory: objects.objectsDirectory,
    rules,
    objectPath: (bucket, key) => objects.path(bucket, key),
    listObjects: () => objects.list(),
    listMultipartUploads: async () => uploads.list().map((upload) => ({ ...upload, parts: new Map(upload.parts) })),
    requests: () => log.entries(),
    issuedSecrets: () => keys.secrets(),
    revokeCredentials: () => keys.revokeAll(),
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(underWay);
    },
  };
}

function rulesOf(options: SandboxOptions): SandboxRules {
  return {
    rotateScopes: options.rotateScopes ?? defaultRules.rotateScopes,
    denyListParts: options.denyListParts ?? defaultRules.denyListParts,
    denyListMultipartUploads: options.denyListMultipartUploads ?? defaultRules.denyListMultipartUploads,
    denyHead: options.denyHead ?? defaultRules.denyHead,
    credentialLifeSeconds: options.credentialLifeSeconds ?? defaultRules.credentialLifeSeconds,
  };
}

function madeUpAccount(): SandboxAccount {
  return { secretId: `AKID${randomBytes(16).toString('hex')}`, secretKey: randomBytes(16).toString('hex') };
}

/** Both live on one port; only API 3.0 is called by name, at the root. */
function isApi(req: IncomingMessage): boolean {
  const authorization = headerOf(req.headers, 'authorization') ?? '';
  return splitUrl(req.url ?? '/').path === '/' && (req.headers['x-tc-action'] !== undefined || authorization.startsWith('TC3-'));
}

function operationOf(req: IncomingMessage): string {
  if (isApi(req)) return headerOf(req.headers, 'x-tc-action') ?? '';
  try {
    return readCosRequest(req).operation ?? '';
  } catch {
    return '';
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('not a TCP address'));
      else resolve(address.port);
    });
  });
}
