import type { Event } from '@amc-reports/collector-service/contract/events.ts';

export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: Event;
  readonly comment?: string;
  readonly retry?: string;
}

/** Reads server-sent events block by block, as they stand on the wire. */
export function readEvents(response: Response) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const blocks: Block[] = [];

  async function next(): Promise<Block> {
    while (!rest.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) throw new Error('The stream ended');
      rest += value;
    }
    const end = rest.indexOf('\n\n');
    const block = parse(rest.slice(0, end));
    rest = rest.slice(end + 2);
    blocks.push(block);
    return block;
  }

  return {
    blocks,
    next,
    /** The first block from here that passes. */
    async until(test: (block: Block) => boolean): Promise<Block> {
      for (;;) {
        const block = await next();
        if (test(block)) return block;
      }
    },
    cancel: () => reader.cancel(),
  };
}

function parse(text: string): Block {
  const fields = text.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)!);
  return Object.fromEntries(
    fields.map(([, name, value]) => [name === '' ? 'comment' : name!, name === 'data' ? JSON.parse(value!) : value]),
  );
}
