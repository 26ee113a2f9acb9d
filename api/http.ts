/** One request, whatever carried it: API Gateway or the local server. */
export interface ApiRequest {
  method: string;
  /** Path below the API's root, percent-encoded as it came: `/runs/01K…`. */
  path: string;
  /** Query string without its question mark, percent-encoded; '' when there is none. */
  query: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string | null;
  /** Who asks, for rate limits: an address or a key id. */
  client: string;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The whole API: never rejects, every failure is a problem document (RFC 9457). */
export type ApiHandler = (request: ApiRequest) => Promise<ApiResponse>;
