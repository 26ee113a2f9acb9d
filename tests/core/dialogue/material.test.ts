import { describe, expect, it } from '@jest/globals';
import { createMaterial } from '../../../core/dialogue/material.ts';
import { LEFT_OPEN, script, seedOf, seeds } from './fixtures.ts';

const LONGEST_SENTENCE_CHARS = 420;
const streamOf = (seed = seedOf(0), key = 'k') => createMaterial({ seed, script, key });

describe('pasted material', () => {
  it('has the length asked for, give or take a sentence, however it is cut into pastes', () => {
    for (const seed of seeds) {
      const material = streamOf(seed);
      let asked = 0;
      let given = 0;
      for (const chars of [300, 320, 1000, 12_500, 333, 5000]) {
        asked += chars;
        given += material.paste(chars).length;
        expect(given).toBeGreaterThanOrEqual(asked);
        expect(given - asked).toBeLessThan(LONGEST_SENTENCE_CHARS);
      }
    }
  });

  it('ends with a sentence', () => {
    const material = streamOf();
    for (let paste = 0; paste < 60; paste += 1) expect(material.paste(400)).toMatch(/[.!?…]["'”’)]*$/u);
  });

  it('leaves no slot and no bracket of a template open', () => {
    for (const seed of seeds) expect(LEFT_OPEN.test(streamOf(seed).paste(60_000))).toBe(false);
  });

  it('is the same for the same key and another for another', () => {
    expect(streamOf().paste(5000)).toBe(streamOf().paste(5000));
    expect(streamOf(seedOf(0), 'a').paste(5000)).not.toBe(streamOf(seedOf(0), 'b').paste(5000));
  });

  it('hardly says a sentence twice but for the facts, even in half a megabyte', () => {
    const sentences = streamOf()
      .paste(512_000)
      .split(/\n|(?<=[.!?]["”)]?) (?=[A-Z"])/u)
      .filter((sentence) => sentence.split(' ').length > 6)
      .filter((sentence) => !seedOf(0).setting.facts.some((fact) => sentence.includes(fact)));
    expect(sentences.length).toBeGreaterThan(3000);
    expect(new Set(sentences).size / sentences.length).toBeGreaterThan(0.93);
  });

  it("speaks of the seed's people, topics and facts", () => {
    for (const seed of seeds) {
      const text = streamOf(seed).paste(60_000);
      expect(seed.setting.topics.filter((topic) => text.includes(topic)).length).toBeGreaterThan(
        seed.setting.topics.length / 3,
      );
      expect(seed.setting.facts.some((fact) => text.includes(fact.replace(/\.$/, '')))).toBe(true);
    }
  });

  it('goes forward in time', () => {
    const months = ['September', 'October', 'November', 'December'];
    const days = [
      ...streamOf()
        .paste(40_000)
        .matchAll(/day (\d{1,2}) (September|October|November|December)/g),
    ].map(([, day, month]) => months.indexOf(month ?? '') * 100 + Number(day));
    expect(days.length).toBeGreaterThan(5);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });

  it('pastes nothing where nothing is asked for', () => {
    expect(streamOf().paste(0)).toBe('');
  });
});
