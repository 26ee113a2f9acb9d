/** What the weekly judge is told of a question: the dialogue's goal. */
export function goalOf(question: string): string {
  return `The student works out an answer to: ${question}`.slice(0, 1000);
}
