declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** DynamoDB's protocol over an in-memory store. */
  export default function dynalite(options: { createTableMs?: number; path?: string }): Server;
}
