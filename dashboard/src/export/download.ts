/** Hands the browser a file to save. */
export function download(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A finding as a file name: ascii, short, no blanks. */
export function fileStem(text: string): string {
  const stem = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `socratic-bench-${stem.slice(0, 60).replace(/-$/, '') || 'figure'}`;
}
