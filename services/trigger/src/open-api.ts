import { z } from 'zod';
import { ApiRequest } from './api-request.ts';

const refusal = (description: string) => ({ description, content: { 'application/problem+json': {} } });

/** The description of the API, made of what its requests are parsed by. @param publicUrl where people look at runs */
export function openApiOf(publicUrl: string): object {
  const schema = z.toJSONSchema(ApiRequest, { io: 'input', target: 'openapi-3.0', unrepresentable: 'any' });
  return {
    openapi: '3.0.3',
    info: {
      title: 'cc-ci',
      version: '1',
      description: `Asks for runs, as a comment does. Their results are at ${publicUrl}.`,
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/api/runs': {
        post: {
          summary: 'Ask for a run',
          security: [{ token: [] }],
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              description: 'The same key is the same run, however often it is asked for',
              schema: { type: 'string', maxLength: 128 },
            },
          ],
          requestBody: { required: true, content: { 'application/json': { schema } } },
          responses: {
            200: { description: 'The run is there already' },
            202: { description: 'The run is accepted' },
            401: refusal('No token, or none that is known'),
            403: refusal('The token is for something else'),
            422: refusal('Nothing that can be tested is asked for'),
            503: refusal('Redis or the forge does not answer; ask again'),
          },
        },
      },
    },
  };
}
