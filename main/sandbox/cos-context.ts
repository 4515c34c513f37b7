import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CosRequest } from './cos-access.ts';
import type { MultipartUploads } from './multipart-uploads.ts';
import type { ObjectFiles } from './object-files.ts';
import type { SandboxRules } from './sandbox-rules.ts';
import type { TemporaryKey, TemporaryKeys } from './temporary-keys.ts';

export interface CosContext {
  readonly keys: TemporaryKeys;
  readonly rules: SandboxRules;
  readonly objects: ObjectFiles;
  readonly uploads: MultipartUploads;
  now(): number;
}

/** One authorised request on its way to a route. */
export interface CosExchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly request: CosRequest;
  readonly key: TemporaryKey;
}

/** Answers one operation; throws a `CosError` before it has written anything. */
export type CosRoute = (exchange: CosExchange) => Promise<void>;
