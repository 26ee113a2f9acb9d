/**
 * What Lambda's Node runtime does, as far as a handler can see it: loads the bundled file named by `_HANDLER` once, then
 * calls `handler(event, context)` for one message after another and reports the result or the error's name and message.
 */
const { handler } = await import(process.env._HANDLER);

process.on('message', async ({ id, event }) => {
  try {
    const result = await handler(event, {
      awsRequestId: String(id),
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    });
    process.send({ id, result: JSON.parse(JSON.stringify(result ?? null)) });
  } catch (error) {
    process.send({ id, errorType: error.name, errorMessage: error.message });
  }
});
process.send({ id: 0 });
