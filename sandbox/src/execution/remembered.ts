/**
 * The last few answers by what was asked. Events never change once they are made, so the same question with the same
 * knowledge has the same rows: whoever asks it again (a restated week, a crash and its successor) does not wait for it twice.
 */
export class Remembered<T> {
  private readonly most: number;
  private readonly worthwhile: (answer: T) => boolean;
  private readonly answers = new Map<string, Promise<T>>();

  /** @param worthwhile whether an answer is small enough to be kept */
  constructor(most: number, worthwhile: (answer: T) => boolean) {
    this.most = most;
    this.worthwhile = worthwhile;
  }

  async get(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.answers.get(question);
    if (known) return known;
    const answer = ask();
    this.answers.set(question, answer);
    const forget = (): void => {
      if (this.answers.get(question) === answer) this.answers.delete(question);
    };
    answer.then((found) => this.worthwhile(found) || forget(), forget);
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.most && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }
}
