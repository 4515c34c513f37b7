import type { ProblemCode } from '../../preload/problem-codes.ts';

export type AccountField = 'label' | 'secretId' | 'secretKey' | 'apiEndpoint' | 'cosDomain';

const fields: Partial<Record<ProblemCode, AccountField>> = {
  'label-empty': 'label',
  'label-taken': 'label',
  'secret-id-empty': 'secretId',
  'secret-id-unknown': 'secretId',
  'secret-key-empty': 'secretKey',
  'secret-key-wrong': 'secretKey',
  'endpoint-invalid': 'apiEndpoint',
  'cos-domain-invalid': 'cosDomain',
};

/** The field a problem is about; null for one that is shown above the whole form. */
export const fieldOf = (code: ProblemCode): AccountField | null => fields[code] ?? null;
