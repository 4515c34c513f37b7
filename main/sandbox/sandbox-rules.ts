/** What a temporary key may do, and how scopes are given out. May be changed while the sandbox runs. */
export interface SandboxRules {
  /** True: each ms credential has a CosPrefix of its own, each car credential a new `ver-…`. */
  rotateScopes: boolean;
  denyListParts: boolean;
  /** True by default: listing uploads is a permission on the bucket, which temporary keys seldom have. */
  denyListMultipartUploads: boolean;
  denyHead: boolean;
  /** Of a new credential where the request does not ask for a duration. */
  credentialLifeSeconds: number;
}

export const defaultRules: Readonly<SandboxRules> = {
  rotateScopes: true,
  denyListParts: false,
  denyListMultipartUploads: true,
  denyHead: false,
  credentialLifeSeconds: 3600,
};
