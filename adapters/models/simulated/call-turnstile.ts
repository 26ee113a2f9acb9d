import type { ChatModel } from '../../../core/ports.ts';

/**
 * Lets one simulated call through in each pass of the event loop. A real call comes back through the loop; a simulated one
 * that answered at once would chain whole dialogues into one block of work, for which timers, Ctrl-C and the progress line
 * would wait.
 */
export function createCallTurnstile(): (model: ChatModel) => ChatModel {
  const waiting: (() => void)[] = [];
  const admit = () => {
    waiting.shift()!();
    if (waiting.length > 0) setImmediate(admit);
  };
  const pass = () =>
    new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(admit);
    });
  return (model) => ({
    config: model.config,
    probe: (signal) => model.probe(signal),
    async chat(request, signal) {
      await pass();
      return model.chat(request, signal);
    },
  });
}
