import type {
  AccountDraft, AccountView, AppState, Bridge, Destination, DropTargetChoice, Limits, Preferences, Problem, Reply, Site, Totals,
} from '../../preload/contract.ts';
import { Applications } from './applications.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { UploadList, type SourceGroup } from './upload-list.ts';
import { Wanted } from './wanted.ts';

const noTotals: Totals = { unfinished: 0, done: 0, failed: 0, paused: 0, fraction: null, bytesPerSecond: 0, secondsLeft: null };

/** What main last told the window, and the requests it may make. It decides nothing itself. */
export class FerryStore {
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  readonly #list = new UploadList();
  readonly applications: Applications;
  #app = $state.raw<AppState | null>(null);
  #groups = $state.raw<readonly SourceGroup[]>([]);
  #totals = $state.raw<Totals>(noTotals);
  readonly #destination: Wanted<Destination>;
  readonly #limits: Wanted<Limits>;
  readonly #queue = $derived(this.#groups.filter((group) => group.queued.length > 0).sort((a, b) => a.queuedFrom - b.queuedFrom));

  constructor(bridge: Bridge, toasts: Toasts) {
    this.#bridge = bridge;
    this.#toasts = toasts;
    this.applications = new Applications(bridge);
    this.#destination = new Wanted(() => this.#app?.destination, (destination) => bridge.setDestination(destination));
    this.#limits = new Wanted(() => this.#app?.limits, (limits) => bridge.setLimits(limits));
  }

  /** null until main has answered for the first time. */
  get app(): AppState | null {
    return this.#app;
  }

  get groups(): readonly SourceGroup[] {
    return this.#groups;
  }

  /** The sources with uploads that wait or are paused, the next one first. */
  get queue(): readonly SourceGroup[] {
    return this.#queue;
  }

  get totals(): Totals {
    return this.#totals;
  }

  /** Listens first and asks then, so that nothing falls between; answers how to stop. */
  start(): () => void {
    const stops = [
      this.#bridge.on('app', (app) => {
        this.#app = app;
      }),
      this.#bridge.on('uploads', (delta) => {
        this.#groups = this.#list.apply(delta);
        this.#totals = delta.totals;
      }),
      this.#bridge.on('problem', (problem) => this.#toasts.problem(problem)),
    ];
    void this.#load();
    return () => stops.forEach((stop) => stop());
  }

  addAccount(draft: AccountDraft): Promise<Reply<AccountView>> {
    return this.#bridge.addAccount(draft);
  }

  removeAccount(accountId: string): void {
    void this.#told(this.#bridge.removeAccount(accountId));
  }

  selectAccount(accountId: string): void {
    void this.#told(this.#bridge.selectAccount(accountId));
  }

  /** Changes part of the destination; answers the problem main found with it. */
  setDestination(change: Partial<Destination>): Promise<Problem | null> {
    return this.#destination.change(change);
  }

  /** Changes some of the limits, at once. */
  async setLimits(change: Partial<Limits>): Promise<void> {
    const problem = await this.#limits.change(change);
    if (problem) this.#toasts.problem(problem);
  }

  /** Changes the timetable as it is by then, not as it is shown. */
  async setTimetable(change: (rows: Limits['timetable']) => Limits['timetable']): Promise<void> {
    const { latest } = this.#limits;
    if (latest) await this.setLimits({ timetable: change(latest.timetable) });
  }

  /** A failure shows in the credential itself, which main sends. */
  async refreshCredential(): Promise<void> {
    await this.#bridge.refreshCredential();
  }

  /** `targetId` is the recent destination it was dropped onto, if any. */
  dropFiles(files: readonly File[], targetId: string | null = null): void {
    const target = this.#app?.recentDestinations.find(({ id }) => id === targetId);
    void this.#told(target ? this.#bridge.dropFiles(files, choiceOf(target)) : this.#bridge.dropFiles(files));
  }

  startDrop(dropId: string, andAlways: boolean): void {
    void this.#told(this.#bridge.startDrop(dropId, andAlways));
  }

  discardDrop(dropId: string): void {
    void this.#told(this.#bridge.discardDrop(dropId));
  }

  checkDrop(dropId: string): void {
    void this.#told(this.#bridge.checkDrop(dropId));
  }

  useDestination(target: DropTargetChoice): void {
    void this.#told(this.#bridge.useDestination(choiceOf(target)));
  }

  lockDestination(locked: boolean): void {
    void this.#told(this.#bridge.lockDestination(locked));
  }

  endFirstRun(): void {
    void this.#told(this.#bridge.endFirstRun());
  }

  openKeyConsole(site: Site): void {
    void this.#told(this.#bridge.openKeyConsole(site));
  }

  chooseFiles(): void {
    void this.#told(this.#bridge.chooseFiles());
  }

  chooseFolder(): void {
    void this.#told(this.#bridge.chooseFolder());
  }

  async answerPendingDrop(dropId: string, applicationId: string | null): Promise<Problem | null> {
    const reply = await this.#bridge.answerPendingDrop(dropId, applicationId);
    return reply.ok ? null : reply.problem;
  }

  cancel(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.cancelUploads(uploadIds));
  }

  cancelReading(sourceIds: readonly string[]): void {
    void this.#told(this.#bridge.cancelReading(sourceIds));
  }

  retry(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.retryUploads(uploadIds));
  }

  pause(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.pauseUploads(uploadIds));
  }

  resume(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.resumeUploads(uploadIds));
  }

  /** Puts uploads in front of another one in the queue, or at its end; true once that is so. */
  async move(uploadIds: readonly string[], beforeUploadId: string | null): Promise<boolean> {
    if (!(await this.#told(this.#bridge.moveUploads(uploadIds, beforeUploadId)))) return false;
    this.#groups = this.#list.move(uploadIds, beforeUploadId);
    return true;
  }

  clearFinished(): void {
    void this.#told(this.#bridge.clearFinished());
  }

  showObject(uploadId: string): void {
    void this.#told(this.#bridge.showObject(uploadId));
  }

  openSandboxFolder(): void {
    void this.#told(this.#bridge.openSandboxFolder());
  }

  async copy(text: string): Promise<void> {
    if (await this.#told(this.#bridge.copyText(text))) this.#toasts.copied();
  }

  async copyReport(uploadId: string): Promise<void> {
    if (await this.#told(this.#bridge.copyReport(uploadId))) this.#toasts.copied();
  }

  setPreferences(preferences: Preferences): void {
    void this.#told(this.#bridge.setPreferences(preferences));
  }

  async #load(): Promise<void> {
    const reply = await this.#bridge.getState();
    if (!reply.ok) {
      this.#toasts.problem(reply.problem);
      return;
    }
    // What came by event before this answer is in it already.
    this.#app = reply.value.app;
    this.#groups = this.#list.replace(reply.value.uploads);
    this.#totals = reply.value.uploads.totals;
  }

  /** True when it worked; a failure that belongs to no field or row becomes a toast. */
  async #told(request: Promise<Reply<unknown>>): Promise<boolean> {
    const reply = await request;
    if (!reply.ok) this.#toasts.problem(reply.problem);
    return reply.ok;
  }
}

/** What crosses is exactly this much. */
function choiceOf({ accountId, destination }: DropTargetChoice): DropTargetChoice {
  return { accountId, destination };
}
