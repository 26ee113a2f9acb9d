import { describe, expect, it } from '@jest/globals';
import { ModelError } from '../../core/model-error.ts';
import type { ChatMessage, ChatModel, ChatRequest } from '../../core/ports.ts';
import { stopReasonSchema, usageSchema } from '../../schemas/common.ts';

/** A model that answers, ready for calls, and a request it understands. */
export interface OpenedModel extends AsyncDisposable {
  model: ChatModel;
  request: ChatRequest;
}

/** What every adapter of the port ChatModel must do. `open` gives a model of which each call succeeds. */
export function chatModelContract(name: string, open: () => Promise<OpenedModel>): void {
  describe(`${name} as a ChatModel`, () => {
    it('answers with text, a known stop reason, metered usage, a latency and one attempt', async () => {
      await using opened = await open();
      const result = await opened.model.chat(opened.request);
      expect(typeof result.text).toBe('string');
      expect(stopReasonSchema.safeParse(result.stop_reason).success).toBe(true);
      expect(usageSchema.safeParse(result.usage).error?.issues ?? []).toEqual([]);
      expect(result.latency_ms).toBeGreaterThanOrEqual(0);
      expect(result.attempts).toBe(1);
    });

    it('leaves the conversation as it was given: the array belongs to the caller', async () => {
      await using opened = await open();
      const messages: ChatMessage[] = opened.request.messages.map((message) => Object.freeze({ ...message }));
      const before = JSON.stringify(messages);
      await opened.model.chat({ ...opened.request, messages });
      expect(JSON.stringify(messages)).toBe(before);
      messages.push({ role: 'assistant', text: 'Why?' }, { role: 'user', text: 'Because.' });
      await opened.model.chat({ ...opened.request, messages });
      expect(messages.length).toBe(opened.request.messages.length + 2);
    });

    it('takes a conversation in which it once said nothing', async () => {
      await using opened = await open();
      const messages: ChatMessage[] = [
        { role: 'user', text: 'Hello.' },
        { role: 'assistant', text: '' },
        ...opened.request.messages,
      ];
      await expect(opened.model.chat({ ...opened.request, messages })).resolves.toBeDefined();
    });

    it('takes no temperature at all, and zero', async () => {
      await using opened = await open();
      for (const temperature of [null, 0])
        await expect(opened.model.chat({ ...opened.request, temperature })).resolves.toBeDefined();
    });

    it('answers several callers at once, each on its own', async () => {
      await using opened = await open();
      const calls = Array.from({ length: 8 }, (_, i) =>
        opened.model.chat({ ...opened.request, call: { ...opened.request.call, turn_index: i + 1 } }),
      );
      for (const result of await Promise.all(calls)) expect(result.attempts).toBe(1);
    });

    it('refuses with `aborted`, not retryable, when its signal has fired already', async () => {
      await using opened = await open();
      const call = opened.model.chat(opened.request, AbortSignal.abort());
      await expect(call).rejects.toMatchObject({ name: 'ModelError', kind: 'aborted', isRetryable: false });
      await expect(call).rejects.toBeInstanceOf(ModelError);
    });

    it('probes without a judgement on the reply: usable', async () => {
      await using opened = await open();
      const probe = await opened.model.probe();
      expect(probe.usable).toBe(true);
    });

    it('carries its configuration', async () => {
      await using opened = await open();
      expect(opened.model.config.model_id).toMatch(/^[a-z0-9]/);
    });
  });
}
