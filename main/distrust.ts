// Node's names for what OpenSSL finds wrong with a chain; those that it has no name for are UNSPECIFIED, such as a key too weak.
const codes = /CERT|SELF_SIGNED|HOSTNAME_MISMATCH|UNABLE_TO_(?:GET|VERIFY|DEC)|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|^UNSPECIFIED$|WRONG_VERSION_NUMBER/;

/**
 * Whether an error of Node says that somebody answered who could not prove to be the one that was
 * asked: waiting will not make it another. Other failures of TLS can be the line's.
 */
export function isDistrust({ code = '', message }: { readonly code?: string | undefined; readonly message: string }): boolean {
  return codes.test(code) || (code === 'EPROTO' && /wrong version number/i.test(message));
}

/** Whether it is its authority alone that is not known: the system may know it. */
export function isOfUnknownAuthority(error: unknown): boolean {
  return /^(?:UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)/.test((error as NodeJS.ErrnoException).code ?? '');
}
