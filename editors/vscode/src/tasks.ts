/** What the server tells of its tasks: those at work, what is proposed, and what was used today. Knows no editor. */

/** One `pointsman/event`; docs/protocol.md says which fields come with which event. */
export interface TaskEvent {
  task: string;
  event: string;
  title?: string;
  reply?: "patch" | "words";
  slot?: string;
  provider?: string;
  model?: string;
  /** What it means, in words. */
  line?: string;
  text?: string;
  waits?: boolean;
  diff?: string;
  reason?: string;
  question?: { text: string };
  receipt?: string | Receipt | null;
  /** Dollars that all servers of this user spent today. */
  today?: number;
}

interface Receipt {
  line?: string;
  usage?: { prompt?: number | null; completion?: number | null };
}

export interface Working {
  title: string;
  words: boolean;
  route: string;
  state: string;
}

export interface Proposal {
  task: string;
  title: string;
  diff: string;
  reason: string;
}

/** What the tasks of one day used; `cost` is in dollars, by the server's ledger. */
export interface Tally {
  day: string;
  tasks: number;
  tokens: number;
  cost: number;
}

const OUTCOMES = new Set(["verified", "unverified", "explained", "no-fix", "failed", "cancelled"]);
const SETTLED = new Set(["applied", "discarded"]);

export class Tasks {
  readonly working = new Map<string, Working>();
  readonly proposals = new Map<string, Proposal>();
  private readonly today: () => string;
  private used: Tally;

  constructor(today: () => string, used?: Tally) {
    this.today = today;
    this.used = used ?? { day: today(), tasks: 0, tokens: 0, cost: 0 };
  }

  get tally(): Tally {
    if (this.used.day !== this.today()) this.used = { day: this.today(), tasks: 0, tokens: 0, cost: 0 };
    return this.used;
  }

  /** The task that was started last and has not ended. */
  get newest(): Working | undefined {
    return [...this.working.values()].at(-1);
  }

  take(event: TaskEvent): void {
    const { task, event: kind } = event;
    if (kind === "started") {
      const words = event.reply === "words";
      this.working.set(task, { title: event.title ?? "", words, route: "", state: "started" });
    } else if (kind === "proposed") {
      const { title = "", diff = "", reason = "" } = event;
      this.proposals.set(task, { task, title, diff, reason });
    } else if (SETTLED.has(kind)) {
      this.proposals.delete(task);
    } else if (OUTCOMES.has(kind)) {
      this.count(event);
      this.working.delete(task);
    } else {
      this.moveOn(this.working.get(task), event);
    }
  }

  /** The server has gone, and its tasks with it. What it proposed is its own to tell again. */
  forget(): void {
    this.working.clear();
    this.proposals.clear();
  }

  private moveOn(working: Working | undefined, event: TaskEvent): void {
    if (!working) return;
    if (event.event === "routed") working.route = `${event.slot ?? ""} → ${event.model ?? ""}`;
    else working.state = event.line ?? working.state;
  }

  private count({ receipt, today }: TaskEvent): void {
    const tally = this.tally;
    tally.cost = today ?? tally.cost;
    if (!receipt || typeof receipt === "string") return;
    tally.tasks += 1;
    tally.tokens += (receipt.usage?.prompt ?? 0) + (receipt.usage?.completion ?? 0);
  }
}

/** What was used today, in words. */
export function inWords(tally: Tally): string {
  const parts = [`today: ${tally.tasks} task${tally.tasks === 1 ? "" : "s"}`, `${tally.tokens} tokens`, cost(tally)];
  return parts.filter((part) => part !== "").join(" · ");
}

/** What today cost; empty where nothing did, as far as is known. */
export function cost({ cost: dollars }: Tally): string {
  return dollars > 0 ? `$${dollars.toFixed(dollars < 0.1 ? 4 : 2)}` : "";
}
