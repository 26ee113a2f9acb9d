import type { ModelError } from '../../core/model-error.ts';

/** How the models of Bedrock word that a prompt is longer than their window; an output limit set too high is none of it. */
const TOO_LONG =
  /too long|input tokens exceed|exceeds? (?:the )?(?:maximum (?:input )?length|context)|maximum context|context (?:window|length|limit)|input length|too many (?:input )?tokens/i;
const RETIRED = /end of (?:its )?life|legacy|deprecated|retired|no longer/i;

/** The kind of failure that an error of Bedrock's is, by its name, its words and its status (null where none came). */
export function kindOf(name: string, message: string, status: number | null): ModelError['kind'] {
  switch (name) {
    case 'ThrottlingException':
    case 'TooManyRequestsException':
    case 'ServiceQuotaExceededException':
      return 'throttled';
    case 'AccessDeniedException':
    case 'UnrecognizedClientException':
    case 'ExpiredTokenException':
    case 'InvalidSignatureException':
    case 'CredentialsProviderError':
      return 'access';
    // Anthropic's use-case form not filled in arrives as 404.
    case 'ResourceNotFoundException':
      return RETIRED.test(message) ? 'eol' : 'access';
    case 'ValidationException':
      if (/model identifier is invalid|end of (?:its )?life|no longer (?:available|supported)/i.test(message))
        return 'eol';
      if (/on-demand throughput isn.t supported/i.test(message)) return 'access';
      return TOO_LONG.test(message) ? 'context_overflow' : 'invalid';
    case 'ModelNotReadyException':
    case 'ModelTimeoutException':
    case 'ModelErrorException':
      return 'unavailable';
    default:
      // 5xx, resets, time-outs, and what is not known: another try may do. What was refused as a request never will.
      return status !== null && status >= 400 && status < 500 && !RETRYABLE_STATUS.has(status)
        ? 'invalid'
        : 'unavailable';
  }
}

/** Request time-out, model error, too many requests. */
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 424, 429]);
