import { readFileSync } from 'node:fs';
import type { ChatModel, ChatRequest, ChatResult, Telemetry } from '../../../core/ports.ts';
import { modelRegistrySchema, type ModelConfig } from '../../../schemas/model-config.ts';

const registry = modelRegistrySchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/models/models-1.0.json', import.meta.url), 'utf8')),
).models;

/** A model of the shipped registry, changed. */
export function configOf(model_id: string, change: Partial<ModelConfig> = {}): ModelConfig {
  const found = registry.find((model) => model.model_id === model_id);
  if (found === undefined) throw new Error(`${model_id}: expected a model of config/models/models-1.0.json`);
  return { ...structuredClone(found), ...change };
}

/** A Bedrock model whose abilities are stated. */
export function bedrockConfig(
  supports: Partial<ModelConfig['supports']> = {},
  change: Partial<ModelConfig> = {},
): ModelConfig {
  const base = configOf('claude-sonnet-4-6', { endpoint: 'global.anthropic.claude-test-v1:0', ...change });
  return { ...base, supports: { ...base.supports, cache: 'none', forced_tool: false, ...supports } };
}

export const VERDICT_SCHEMA = { type: 'object', properties: { mark: { type: 'integer' } } };

/** A turn of a dialogue, changed. */
export function requestOf(change: Partial<ChatRequest> = {}): ChatRequest {
  return {
    system: 'You are a Socratic tutor.',
    messages: [
      { role: 'user', text: 'All birds fly.' },
      { role: 'assistant', text: 'What makes you say all?' },
      { role: 'user', text: 'I have never seen one that does not.' },
    ],
    temperature: 0.7,
    max_output_tokens: 300,
    output: { kind: 'text' },
    call: { execution_id: 'exec-1', run_id: '01JRUN', turn_index: 2, component: 'dialogue', ask: 1 },
    ...change,
  };
}

/** A model made of one function, for the layers above adapters. */
export function modelOf(
  chat: (request: ChatRequest, signal?: AbortSignal) => Promise<ChatResult>,
  config: ModelConfig = bedrockConfig(),
): ChatModel {
  return { config, chat, probe: () => Promise.resolve({ usable: true, usage: null }) };
}

export const RESULT: ChatResult = {
  text: 'Why?',
  stop_reason: 'end',
  usage: { input_tokens: 10, output_tokens: 2, cache_read_tokens: 0, cache_write_tokens: 0 },
  latency_ms: 5,
  attempts: 1,
};

/** Telemetry that remembers. */
export function rememberTelemetry() {
  const waits: { wait_ms: number; reason: string }[] = [];
  const lines: string[] = [];
  const telemetry: Telemetry = {
    turn() {},
    waiting: ({ wait_ms, reason }) => waits.push({ wait_ms, reason }),
    log: (_, message) => lines.push(message),
  };
  return { telemetry, waits, lines };
}
