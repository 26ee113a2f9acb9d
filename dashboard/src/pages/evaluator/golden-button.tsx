import { useState } from 'preact/hooks';
import { callApi } from '../../data/api.ts';
import { To } from '../../kit/link.tsx';

/** Sends a tutor turn to the raters. */
export function GoldenButton({ evaluation_id }: { evaluation_id: string }) {
  const [state, setState] = useState<{ text: string; is_sent: boolean } | null>(null);
  const send = async () => {
    try {
      await callApi('POST', `/evaluations/${evaluation_id}/golden-candidate`, {});
      setState({ text: 'It waits for raters.', is_sent: true });
    } catch (reason) {
      setState({ text: (reason as Error).message, is_sent: false });
    }
  };
  return (
    <p role="status">
      {state?.is_sent === true ? null : (
        <button type="button" class="button" onClick={() => void send()}>
          Send to golden candidates
        </button>
      )}{' '}
      {state?.text} {state?.is_sent === true ? <To to="/rate">Rate</To> : null}
    </p>
  );
}
