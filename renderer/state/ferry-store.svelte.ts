import type {
  AccountDraft, AccountView, AppState, Bridge, Destination, DropTargetChoice, Limits, Preferences, Problem, ProxyChoice, Removal, Reply, Site, Totals, UploadDetails, UploadsPiece, WindowCommand,
} from '../../preload/contract.ts';
import { Applications } from './applications.svelte.ts';
import { HistoryList } from './history-list.svelte.ts';
import { Later, type Soon } from './later.ts';
import type { Toasts } from './toasts.svelte.ts';
import { UploadList, type SourceGroup } from './upload-list.ts';
import { Wanted } from './wanted.ts';

/** What main last told the window, and the requests it may make. It decides nothing itself. */
export class FerryStore {
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  readonly #list = new UploadList();
  readonly #showing: Later;
  readonly applications: Applications;
  #app = $state.raw<AppState | null>(null);
  #groups = $state.raw<readonly SourceGroup[]>([]);
  #totals = $state.raw<Totals>(this.#list.totals);
  readonly #destination: Wanted<Destination>;
  readonly #limits: Wanted<Limits>;
  readonly history: HistoryList;
  readonly #queue = $derived(this.#groups.filter((group) => group.queued.length > 0).sort((a, b) => a.queuedFrom - b.queuedFrom));

  /** `soon` says when the list shows what has come: at once, unless given. */
  constructor(bridge: Bridge, toasts: Toasts, soon?: Soon) {
    this.#bridge = bridge;
    this.#toasts = toasts;
    this.#showing = new Later(() => this.#show(this.#list.shown()), soon);
    this.applications = new Applications(bridge);
    this.history = new HistoryList(bridge, toasts);
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
      this.#bridge.on('uploads', (json) => this.#takeIn(json)),
      this.#bridge.on('problem', (problem) => this.#toasts.problem(problem)),
      () => this.#showing.callOff(),
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

  readAgain(sourceIds: readonly string[]): void {
    if (sourceIds.length > 0) void this.#told(this.#bridge.readAgain(sourceIds));
  }

  pause(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.pauseUploads(uploadIds));
  }

  /** Who waits for the network tries again at once. */
  tryNow(): void {
    void this.#told(this.#bridge.networkIsBack());
  }

  resume(uploadIds: readonly string[]): void {
    if (uploadIds.length > 0) void this.#told(this.#bridge.resumeUploads(uploadIds));
  }

  /** Puts uploads in front of another one in the queue, or at its end; true once that is so. */
  async move(uploadIds: readonly string[], beforeUploadId: string | null): Promise<boolean> {
    if (!(await this.#told(this.#bridge.moveUploads(uploadIds, beforeUploadId)))) return false;
    this.#show(this.#list.move(uploadIds, beforeUploadId));
    return true;
  }

  /** Takes all that is finished off the list, and offers to undo it. */
  clearFinished(): Promise<void> {
    return this.#removed(this.#bridge.clearFinished());
  }

  /** The same for some of it, and for sources that failed before they had any upload. */
  remove(uploadIds: readonly string[], sourceIds: readonly string[]): Promise<void> {
    return this.#removed(this.#bridge.removeFinished(uploadIds, sourceIds));
  }

  undoRemoval(removalId: string): void {
    this.#toasts.undone(removalId);
    void this.#told(this.#bridge.undoRemoval(removalId));
  }

  runAgain(sourceIds: readonly string[]): void {
    void this.#told(this.#bridge.runAgain(sourceIds));
  }

  showSource(id: string): void {
    void this.#told(this.#bridge.showSource(id));
  }

  async copyAddresses(uploadIds: readonly string[], kind: 'key' | 'url'): Promise<void> {
    if (await this.#told(this.#bridge.copyAddresses(uploadIds, kind))) this.#toasts.done('copied');
  }

  /** null where it is not to be had, which is nothing to be told: it is asked for again. */
  async details(uploadId: string): Promise<UploadDetails | null> {
    const reply = await this.#bridge.uploadDetails(uploadId);
    return reply.ok ? reply.value : null;
  }

  showObject(uploadId: string): void {
    void this.#told(this.#bridge.showObject(uploadId));
  }

  openSandboxFolder(): void {
    void this.#told(this.#bridge.openSandboxFolder());
  }

  openLogFolder(): void {
    void this.#told(this.#bridge.openLogFolder());
  }

  openDataFolder(): void {
    void this.#told(this.#bridge.openDataFolder());
  }

  /** What the application menu asks for; answers how to stop. */
  onCommand(listener: (command: WindowCommand) => void): () => void {
    return this.#bridge.on('command', listener);
  }

  async copy(text: string): Promise<void> {
    if (await this.#told(this.#bridge.copyText(text))) this.#toasts.done('copied');
  }

  async copyReport(uploadId: string): Promise<void> {
    if (await this.#told(this.#bridge.copyReport(uploadId))) this.#toasts.done('copied');
  }

  setPreferences(preferences: Preferences): void {
    void this.#told(this.#bridge.setPreferences(preferences));
  }

  async #removed(request: Promise<Reply<Removal>>): Promise<void> {
    const reply = await request;
    if (!reply.ok) this.#toasts.problem(reply.problem);
    else if (reply.value.count > 0) this.#toasts.removed(reply.value);
  }

  /** Answers what is wrong with the address. */
  async setProxy(proxy: ProxyChoice): Promise<Problem | null> {
    const reply = await this.#bridge.setPreferences({ proxy });
    return reply.ok ? null : reply.problem;
  }

  async #load(): Promise<void> {
    const reply = await this.#bridge.getState();
    if (!reply.ok) {
      this.#toasts.problem(reply.problem);
      return;
    }
    this.#app = reply.value.app;
    // What came by event before this answer is in it already.
    this.#show(this.#list.replace(reply.value.uploads));
  }

  #takeIn(json: string): void {
    // Main wrote it.
    if (this.#list.take(JSON.parse(json) as UploadsPiece)) this.#showing.ask();
  }

  #show(groups: readonly SourceGroup[]): void {
    this.#showing.callOff();
    this.#groups = groups;
    this.#totals = this.#list.totals;
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
