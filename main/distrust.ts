const codes = /CERT|SELF_SIGNED|HOSTNAME_MISMATCH|UNABLE_TO_(?:GET|VERIFY)|WRONG_VERSION_NUMBER/;

/**
 * Whether an error of Node says that somebody answered who could not prove to be the one that was
 * asked: waiting will not make it another. Other failures of TLS can be the line's.
 */
export function isDistrust({ code = '', message }: { readonly code?: string | undefined; readonly message: string }): boolean {
  return codes.test(code) || (code === 'EPROTO' && /wrong version number/i.test(message));
}
