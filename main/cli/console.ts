import type { Language, Problem } from '../../preload/contract.ts';
import { problemText, type ProblemText } from '../../preload/locales/problem-text.ts';
import { createTranslator, type Translator } from '../../preload/locales/translator.ts';
import { systemLanguage } from '../app/system-language.ts';
import type { Reporter } from './cli-event.ts';
import { JsonReporter } from './json-reporter.ts';
import { PeopleReporter } from './people-reporter.ts';
import { cliWords, type CliWords } from './words.ts';

/** The two outputs of the process, in one language, with every known secret taken out of what is written. */
export interface Console {
  readonly language: Language;
  readonly words: CliWords;
  problem(problem: Problem): ProblemText;
  out(text: string): void;
  err(text: string): void;
  redact(secret: string): void;
  reporter(json: boolean): Reporter;
  /** Settles when everything written has left the process. */
  flushed(): Promise<void>;
}

export function openConsole(environment: Readonly<Record<string, string | undefined>>): Console {
  const language = systemLanguage([environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || 'en']);
  const words = cliWords[language];
  let t: Translator | null = null;
  const secrets = new Set<string>();
  const clean = (text: string): string => {
    let cleaned = text;
    for (const secret of secrets) cleaned = cleaned.replaceAll(secret, '[redacted]');
    return cleaned;
  };
  const { stdout, stderr } = process;
  // Whoever read it has gone away: no reason for an upload to stop.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  // Lines that come together go together: each write to a file is a system call.
  let unwritten = '';
  const flush = (): void => {
    stdout.write(clean(unwritten));
    unwritten = '';
  };
  const out = (text: string): void => {
    if (unwritten === '') queueMicrotask(flush);
    unwritten += text;
  };
  const err = (text: string): void => { stderr.write(clean(text)); };
  const problem = (of: Problem): ProblemText => problemText(t ??= createTranslator(language), of);
  return {
    language, words, problem, out, err,
    // A shorter one is none, and taking it out would shred every line.
    redact: (secret) => { if (secret.length >= 8) secrets.add(secret); },
    reporter: (json) => json
      ? new JsonReporter(out, problem)
      : new PeopleReporter({ out, err, words, language, problem, columns: () => (stderr.isTTY ? stderr.columns : null) }),
    async flushed() {
      await Promise.all([stdout, stderr].map((stream) => new Promise<void>((resolve) => {
        stream.write('', () => { resolve(); });
      })));
    },
  };
}
