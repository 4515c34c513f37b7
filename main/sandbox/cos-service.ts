import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize, readCosRequest } from './cos-access.ts';
import type { CosContext, CosRoute } from './cos-context.ts';
import { CosError, errorXml } from './cos-error.ts';
import type { CosOperation } from './cos-operation.ts';
import { splitUrl } from './http-request.ts';
import { multipartRoutes } from './multipart-routes.ts';
import { objectRoutes } from './object-routes.ts';

/** COS: answers one request; settles with the error code it answered, null for success. Rejects when the client is gone. */
export type CosService = (req: IncomingMessage, res: ServerResponse) => Promise<string | null>;

/** The COS half of the sandbox: who may do what, and the error documents. */
export function createCosService(context: CosContext): CosService {
  const routes: Record<CosOperation, CosRoute> = { ...objectRoutes(context), ...multipartRoutes(context) };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = readCosRequest(req);
    const key = authorize(request, context.keys, context.rules, context.now());
    if (request.operation === null) throw new CosError(request.query.size > 0 ? 'NotImplemented' : 'MethodNotAllowed');
    await routes[request.operation]({ req, res, request, key });
  }

  return async (req, res) => {
    const requestId = randomBytes(24).toString('base64');
    res.setHeader('Server', 'tencent-cos');
    res.setHeader('x-cos-request-id', requestId);
    try {
      await answer(req, res);
      return null;
    } catch (error) {
      if (req.destroyed && !req.complete) throw error;
      if (res.headersSent) {
        // Half an object must not look like a whole one.
        res.destroy();
        throw error;
      }
      const refusal = error instanceof CosError ? error : new CosError('InternalError', error instanceof Error ? error.message : String(error));
      const resource = `${req.headers.host ?? ''}${splitUrl(req.url ?? '/').path}`;
      const traceId = randomBytes(48).toString('base64');
      const body = errorXml(refusal, { resource, requestId, traceId });
      res.writeHead(refusal.status, {
        'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(body), 'x-cos-trace-id': traceId,
      });
      res.end(req.method === 'HEAD' ? undefined : body);
      return refusal.code;
    }
  };
}
