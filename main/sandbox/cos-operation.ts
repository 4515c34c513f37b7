/** The operations of COS the sandbox knows, by the names COS gives them in policies. */
export type CosOperation =
  | 'PutObject' | 'HeadObject' | 'GetObject'
  | 'InitiateMultipartUpload' | 'UploadPart' | 'ListParts' | 'CompleteMultipartUpload' | 'AbortMultipartUpload'
  | 'ListMultipartUploads';

const subresources = [
  { method: 'PUT', needs: ['partNumber', 'uploadId'], allows: [], operation: 'UploadPart' },
  { method: 'POST', needs: ['uploads'], allows: [], operation: 'InitiateMultipartUpload' },
  { method: 'POST', needs: ['uploadId'], allows: [], operation: 'CompleteMultipartUpload' },
  { method: 'GET', needs: ['uploadId'], allows: ['max-parts', 'part-number-marker', 'encoding-type'], operation: 'ListParts' },
  { method: 'DELETE', needs: ['uploadId'], allows: [], operation: 'AbortMultipartUpload' },
  { method: 'PUT', needs: [], allows: [], operation: 'PutObject' },
  { method: 'HEAD', needs: [], allows: [], operation: 'HeadObject' },
  { method: 'GET', needs: [], allows: [], operation: 'GetObject' },
] as const;

const listUploads = ['uploads', 'prefix', 'delimiter', 'encoding-type', 'max-uploads', 'key-marker', 'upload-id-marker'];

/** null where it is none of them; a query nobody asked for makes it none, as it would mean another operation. */
export function cosOperationOf(method: string, key: string, query: ReadonlyMap<string, string>): CosOperation | null {
  const names = [...query.keys()];
  if (key === '') {
    return method === 'GET' && query.has('uploads') && names.every((name) => listUploads.includes(name)) ? 'ListMultipartUploads' : null;
  }
  const match = subresources.find((candidate) => {
    const allowed: readonly string[] = [...candidate.needs, ...candidate.allows];
    return candidate.method === method && candidate.needs.every((name) => query.has(name)) && names.every((name) => allowed.includes(name));
  });
  return match?.operation ?? null;
}
