import type { ArrivedRequest } from '../../main/sandbox/sandbox.ts';

/** Counts what arrives at a sandbox in the bodies of parts, those that are cut off included. */
export class ReceivedParts {
  bytes = 0;
  /** Parts on their way at this moment. */
  inFlight = 0;
  /** Every upload that parts have come for. */
  readonly uploadIds = new Set<string>();
  /** Whether a Complete has come: there may be an object. */
  completing = false;

  /** To be asked of every request; reads nothing of it. */
  see({ req, res, operation }: ArrivedRequest): void {
    if (operation === 'CompleteMultipartUpload') this.completing = true;
    if (operation === 'UploadPart') this.uploadIds.add(new URLSearchParams(req.url?.split('?')[1]).get('uploadId') ?? '');
    if (operation !== 'UploadPart' && operation !== 'PutObject') return;
    this.inFlight += 1;
    res.once('close', () => { this.inFlight -= 1; });
    const push = req.push.bind(req);
    req.push = (chunk: Buffer | null, encoding) => {
      if (chunk) this.bytes += chunk.length;
      return push(chunk, encoding);
    };
  }
}
