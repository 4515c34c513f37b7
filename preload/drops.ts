/** What a person drops, where it goes, and what is said about it before it is sent. */
import type { Problem, Service } from './contract.ts';

/** Where the next drop goes. One is remembered per account. */
export interface Destination {
  readonly service: Service;
  /** car: '' until the person has given one. */
  readonly applicationId: string;
  /** ms: '' leaves the service's default (ap-guangzhou). */
  readonly cosRegion: string;
  /** ms: null leaves the service's default (one hour). */
  readonly durationSeconds: number | null;
}

/** An account together with a destination of it. */
export interface DropTargetChoice {
  readonly accountId: string;
  readonly destination: Destination;
}

/** Where something was sent lately. */
export interface RecentDestination extends DropTargetChoice {
  /** The same for the same account, service, and application or region. */
  readonly id: string;
  /** car: as the service listed it; null where it was never listed. */
  readonly applicationName: string | null;
}

/** An application of Cloud Application Rendering. */
export interface ApplicationView {
  readonly id: string;
  readonly name: string;
}

export type LeftOutReason =
  | 'symlink-outside' | 'symlink-broken' | 'symlink-loop' | 'symlink-folder' | 'special-file';

/** Something inside a dropped folder that is not sent, and why. */
export interface LeftOut {
  /** Relative to the dropped item, with forward slashes. */
  readonly path: string;
  readonly reason: LeftOutReason;
}

/** A drop that cannot start before the person has answered one question. It is kept until then. */
export interface PendingDrop {
  readonly id: string;
  readonly accountId: string;
  readonly names: readonly string[];
  readonly needs: 'application-id';
  /** Why an earlier answer was refused, if it was. */
  readonly problem: Problem | null;
}

/** A drop that waits for the person to start it. It is kept until then, over restarts too. */
export interface WaitingDrop {
  readonly id: string;
  /** The first hundred of what was dropped; `count` has the true number. */
  readonly names: readonly string[];
  readonly count: number;
  readonly kind: 'file' | 'folder' | 'selection';
  readonly accountId: string;
  readonly accountLabel: string;
  readonly destination: Destination;
  readonly preflight: Preflight;
}

/** looking: `found` items so far. failed: it could not be sent as it is now. */
export type Preflight =
  | { readonly kind: 'looking'; readonly found: number }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly findings: PreflightFindings };

/** What a drop comes to. */
export interface PreflightFindings {
  readonly files: number;
  readonly bytes: number;
  /** null where it is sent as it is. */
  readonly packedAs: string | null;
  /** Of the package: files, links, and folders that nothing else would bring back; null for an archive that was not looked into. */
  readonly entries: number | null;
  /** At most 100 of them; `leftOutCount` has the true number. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
  /** From the last speed that was measured with this account, or the limit where that is lower; null where none was. */
  readonly estimate: { readonly seconds: number; readonly bytesPerSecond: number } | null;
  /** How long a temporary credential for it lives; null where that is not known before it is fetched. */
  readonly keySeconds: number | null;
  readonly warnings: readonly PreflightWarning[];
}

/**
 * Nothing that stops a drop, but what a person may want to mend first. `name` is the first of
 * `count` that it is true of.
 *
 * unusual-kind: not what the service takes. same-on-windows: names that differ only in case.
 * windows-name: reserved there, or with characters that no name may have. windows-too-long: more
 * than 260 characters below a drive. no-archive: it cannot be read as what its name says. unreadable: sent without it. sending: another upload is about
 * the same file. no-room: the sandbox keeps what it is sent. outlives-key: it may start over.
 */
export type PreflightWarning =
  | { readonly kind: 'unusual-kind' | 'windows-name' | 'windows-too-long' | 'unreadable' | 'sending'; readonly name: string; readonly count: number }
  | { readonly kind: 'same-on-windows'; readonly name: string; readonly other: string; readonly count: number }
  | { readonly kind: 'no-executable' }
  | { readonly kind: 'no-archive'; readonly name: string }
  | { readonly kind: 'no-room'; readonly neededBytes: number; readonly freeBytes: number }
  | { readonly kind: 'outlives-key'; readonly seconds: number; readonly keySeconds: number }
  | UploadedBefore;

/** The newest of `count` items that were dropped and are in COS as they are now, and where it went. */
export interface UploadedBefore {
  readonly kind: 'uploaded-before';
  readonly name: string;
  readonly count: number;
  readonly atMs: number;
  readonly service: Service;
  readonly accountId: string;
  readonly accountLabel: string;
  /** car only. */
  readonly applicationId: string;
  /** The region that was asked for; '' for the service's default. */
  readonly cosRegion: string;
}
