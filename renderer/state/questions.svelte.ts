/** Something that is asked before it is done. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly keep: string;
  readonly onConfirm: () => void;
}

/** The one question that is open, if any. */
export class Questions {
  open = $state.raw<Question | null>(null);

  ask(question: Question): void {
    this.open = question;
  }

  close(): void {
    this.open = null;
  }
}
