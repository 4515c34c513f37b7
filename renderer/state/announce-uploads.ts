import type { Problem } from '../../preload/contract.ts';
import { rowName } from './row-text.ts';
import { NewsWatch, type UploadNews } from './upload-news.ts';
import type { SourceGroup } from './upload-list.ts';
import type { WindowContext } from './window-context.ts';

/** What happens within this time is told together. */
const gatherMs = 1_500;
/** Between two tellings while uploads go on, so that thousands of them are no flood. */
const restMs = 10_000;

type Context = Pick<WindowContext, 'words' | 'announcer'> & { readonly store: Pick<WindowContext['store'], 'groups' | 'totals'> };

/** Says what starts, how it ends, and each quarter on the way. `look` is to be called whenever the list has changed; `stop` ends it. */
export function announceUploads({ store, words, announcer }: Context): { look(): void; stop(): void } {
  const watch = new NewsWatch();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toldAtMs = -Infinity;
  let tellAtMs = Infinity;

  const tell = () => {
    tellAtMs = Infinity;
    toldAtMs = performance.now();
    const sentences = newsText(watch.take(), words);
    if (sentences.length > 0) announcer.say(...sentences);
  };

  return {
    look() {
      if (!watch.look(store.groups, store.totals)) return;
      const nowMs = performance.now();
      const restsUntilMs = store.totals.unfinished > 0 ? toldAtMs + restMs : 0;
      const atMs = Math.max(nowMs + gatherMs, restsUntilMs);
      // What was put off while uploads went on is told once all is over.
      if (atMs >= tellAtMs) return;
      clearTimeout(timer);
      tellAtMs = atMs;
      timer = setTimeout(tell, atMs - nowMs);
    },
    stop: () => clearTimeout(timer),
  };
}

/** The news in sentences, what failed first. */
export function newsText({ failed, finished, started, progress }: UploadNews, words: WindowContext['words']): readonly string[] {
  const sentences: string[] = [];
  const [firstFailed] = failed;
  if (firstFailed) {
    const problem = problemOf(firstFailed);
    const { what } = problem ? words.problem(problem) : { what: '' };
    sentences.push(failed.length === 1 ? words.t('queue.said.failed', { name: rowName(firstFailed) }) : words.t('queue.said.failedMany', { count: failed.length }), what);
  }
  const [firstFinished] = finished;
  if (firstFinished) sentences.push(finished.length === 1 ? words.t('queue.said.finished', { name: rowName(firstFinished) }) : words.t('queue.said.finishedMany', { count: finished.length }));
  const [firstStarted] = started;
  if (firstStarted) sentences.push(started.length === 1 ? words.t('queue.said.started', { name: rowName(firstStarted) }) : words.t('queue.said.startedMany', { count: started.length }));
  if (progress !== null) sentences.push(words.t('queue.said.progress', { percent: words.percent(progress) }));
  return sentences.filter((sentence) => sentence !== '');
}

const problemOf = ({ source, uploads }: SourceGroup): Problem | null => source.problem ?? uploads.find(({ problem }) => problem)?.problem ?? null;
