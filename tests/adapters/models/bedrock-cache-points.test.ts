import { describe, expect, it, test } from '@jest/globals';
import { toConverse } from '../../../adapters/models/bedrock.ts';
import type { ChatMessage } from '../../../core/ports.ts';
import { bedrockConfig, requestOf, VERDICT_SCHEMA } from './fixtures.ts';

const JSON_OUTPUT = { kind: 'json' as const, name: 'verdict', schema: VERDICT_SCHEMA };

describe('prompt caching', () => {
  const CACHE_POINT = { cachePoint: { type: 'default' } };
  const hasPoint = (content: readonly object[]) => content.some((block) => 'cachePoint' in block);
  const talk = (turns: number): ChatMessage[] =>
    Array.from({ length: 2 * turns - 1 }, (_, i) => ({
      role: i % 2 === 0 ? 'user' : 'assistant',
      text: `text ${i}`,
    }));

  it('sets one point behind the system prompt and one behind the newest message, which moves every turn', () => {
    const config = bedrockConfig({ cache: 'cache_point' });
    for (const turns of [1, 2, 25]) {
      const { system, messages } = toConverse(requestOf({ messages: talk(turns) }), config);
      expect(system!.at(-1)).toEqual(CACHE_POINT);
      const contents = messages!.map(({ content }) => content!);
      // At most four points are allowed; the prefix before the newest message must not change from turn to turn.
      expect(contents.map(hasPoint)).toEqual(contents.map((_, i) => i === contents.length - 1));
    }
  });

  it('caches the instructions of a judge but not its question, which never comes again', () => {
    const input = toConverse(requestOf({ output: JSON_OUTPUT }), bedrockConfig({ cache: 'cache_point' }));
    expect(input.system?.at(-1)).toEqual(CACHE_POINT);
    expect(input.messages!.some(({ content }) => hasPoint(content!))).toBe(false);
  });

  test.each(['none', 'automatic'] as const)('sends no point to a model whose cache is %s', (cache) => {
    const input = toConverse(requestOf(), bedrockConfig({ cache }));
    expect(JSON.stringify(input)).not.toContain('cachePoint');
  });

  it('changes nothing of what was sent before: the old prefix is a prefix of the new prompt', () => {
    const config = bedrockConfig({ cache: 'none' });
    const short = toConverse(requestOf({ messages: talk(5) }), config).messages!;
    const long = toConverse(requestOf({ messages: talk(6) }), config).messages!;
    expect(long.slice(0, short.length)).toEqual(short);
  });
});
