/** How COS is reached. */
export interface StoreDomain {
  /** Host and port, or a template with {Bucket} and {Region}. */
  readonly domain: string;
  readonly protocol: 'http:' | 'https:';
}

/** The public domain of COS and its backup, for where the first gives no answer (COS, "Regions and access endpoints"). */
export const publicDomains: readonly StoreDomain[] = [
  { domain: '{Bucket}.cos.{Region}.myqcloud.com', protocol: 'https:' },
  { domain: '{Bucket}.cos.{Region}.tencentcos.cn', protocol: 'https:' },
];

export function storeHost({ domain }: StoreDomain, bucket: string, region: string): string {
  return domain.replaceAll('{Bucket}', bucket).replaceAll('{Region}', region);
}
