import type { App } from 'electron';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { isLink } from './open-link.ts';
import { pathsFromArguments } from './paths-from-arguments.ts';

/** Files opened together come one by one, on Windows even in an instance each; this long they count as one drop. */
const gatherMs = 150;

/** What a second instance hands the first: Chromium reorders the arguments it would pass itself. */
const handedOver = v.object({ argv: v.array(v.string()) });

/** The paths and links a person opens the app with, from before it is ready on. */
export interface OpenedPaths {
  /** Another instance is already running and was handed this one's paths: this one is to quit. */
  readonly handedOver: boolean;
  /** Delivers what came until now and what comes from now on. An empty list only asks for the window. */
  deliverTo(open: (paths: readonly string[]) => void, openLink: (link: string) => void): void;
}

/**
 * Collects paths from the command line, from further instances and from the system's "open with".
 * Takes the single-instance lock, which lies in the user-data folder: set that first. Call it
 * before the app is ready, or the first `open-file` is missed.
 */
export function collectOpenedPaths(app: App): OpenedPaths {
  if (!app.requestSingleInstanceLock({ argv: process.argv })) {
    return { handedOver: true, deliverTo: () => undefined };
  }

  const parse = (argv: readonly string[], workingDirectory: string): string[] =>
    pathsFromArguments(argv, { workingDirectory, ignored: ownPaths(app), exists: existsSync });

  let deliver: ((paths: readonly string[]) => void) | null = null;
  let deliverLink: ((link: string) => void) | null = null;
  let earlyLink: string | null = null;
  const gathered = new Set<string>();
  const flush = (): void => {
    if (deliver === null || gathered.size === 0) return;
    const paths = [...gathered];
    gathered.clear();
    deliver(paths);
  };

  let flushing: NodeJS.Timeout | null = null;
  const gather = (paths: readonly string[]): void => {
    for (const path of paths) gathered.add(path);
    if (flushing) clearTimeout(flushing);
    flushing = setTimeout(flush, gatherMs);
  };

  const followLink = (link: string): void => {
    if (deliverLink === null) earlyLink = link;
    else deliverLink(link);
  };
  /** Whoever made a link could have put a path beside it, so with one there are no paths. */
  const take = (argv: readonly string[], workingDirectory: string, takePaths: (paths: readonly string[]) => void): void => {
    const link = argv.slice(1).find(isLink);
    if (link === undefined) takePaths(parse(argv, workingDirectory));
    else followLink(link);
  };

  take(process.argv, process.cwd(), (paths) => { for (const path of paths) gathered.add(path); });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    deliver?.([]);
    followLink(link);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    gather([path]);
  });
  app.on('second-instance', (_event, argv, workingDirectory, data) => {
    const own = v.safeParse(handedOver, data);
    // The window comes at once, whatever is still to follow.
    deliver?.([]);
    take(own.success ? own.output.argv : argv, workingDirectory, gather);
  });

  return {
    handedOver: false,
    deliverTo(open, openLink) {
      deliver = open;
      deliverLink = openLink;
      flush();
      if (earlyLink !== null) openLink(earlyLink);
      earlyLink = null;
    },
  };
}

/** From source the program is followed by the app's folder or its entry; neither is to be uploaded. */
function ownPaths(app: App): string[] {
  const folder = app.getAppPath();
  return [folder, resolve(folder, 'out/main/start.js'), resolve(folder, 'out/main')];
}
