import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Canned {
  status: number;
  /** Sent as JSON unless a string. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Says something of its own, or nothing. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface CannedServer extends AsyncDisposable {
  url: string;
  /** What was asked, oldest first. */
  asked: { method: string; path: string; authorization: string | undefined }[];
}

/** A server on loopback that gives its answers in order, and the last one for ever. */
export async function cannedServer(...answers: (Canned | Handler)[]): Promise<CannedServer> {
  const asked: CannedServer['asked'] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ method: request.method ?? '', path: request.url ?? '', authorization: request.headers.authorization });
    if (typeof answer === 'function') answer(request, response);
    else if (answer) send(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: Canned): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address !== null && typeof address !== 'string') return address;
  throw new Error('The server does not listen on a port.');
}
