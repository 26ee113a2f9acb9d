/** A quota of tokens a minute as a bucket: a minute's worth at once, refilled evenly; callers wait in the order they came. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perS: number;
  #level: number;
  #atS = 0;
  readonly #waiting: { tokens: number; go: (atS: number) => void }[] = [];
  #next = 0;
  /** When `serve` should be called next, or null. */
  wakeAtS: number | null = null;

  constructor(tokensPerMinute: number) {
    this.#capacity = tokensPerMinute;
    this.#perS = tokensPerMinute / 60;
    this.#level = tokensPerMinute;
  }

  /** Calls `go` when so many tokens are there. Throws RangeError when the bucket can never hold them. */
  take(tokens: number, atS: number, go: (atS: number) => void): void {
    if (tokens > this.#capacity)
      throw new RangeError(
        `a call needs ${Math.ceil(tokens)} tokens, its model's quota is ${this.#capacity} a minute`,
      );
    this.#waiting.push({ tokens, go });
    this.serve(atS);
  }

  /** Gives back what a call reserved and did not use. */
  give(tokens: number, atS: number): void {
    this.#fill(atS);
    this.#level = Math.min(this.#capacity, this.#level + tokens);
    this.serve(atS);
  }

  /** Lets go whoever can, and says when to look again. */
  serve(atS: number): void {
    this.#fill(atS);
    this.wakeAtS = null;
    while (this.#next < this.#waiting.length) {
      const { tokens, go } = this.#waiting[this.#next]!;
      const lacking = tokens - this.#level;
      if (lacking > 1e-6) {
        this.wakeAtS = atS + lacking / this.#perS;
        break;
      }
      this.#level -= tokens;
      this.#next += 1;
      go(atS);
    }
    if (this.#next < 1000) return;
    this.#waiting.splice(0, this.#next);
    this.#next = 0;
  }

  #fill(atS: number): void {
    this.#level = Math.min(this.#capacity, this.#level + (atS - this.#atS) * this.#perS);
    this.#atS = atS;
  }
}
