import type { FastifyInstance, FastifyReply } from 'fastify';
import { ZodError } from 'zod';

/** A refusal of the REST API: HTTP status, sentence, and the field at fault. */
export class RestError extends Error {
  override readonly name = 'RestError';
  constructor(
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** For `fastify({ frameworkErrors })`: URLs that are none, or too long, fail before any handler of ours. */
export function answerBadUrl(
  error: Error & { statusCode?: number },
  _request: unknown,
  reply: FastifyReply,
): void {
  const status = error.statusCode ?? 400;
  void reply.code(status).send({ result: status, error: 'The URL cannot be used.' });
}

/** Every error leaves as `{result, error, field?}`, `result` being the HTTP status; stack traces stay in the log. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof ZodError) {
      const issue = error.issues[0]!;
      const field = issue.path.map(String).join('.');
      return reply.code(422).send({ result: 422, error: `${field || 'body'}: ${issue.message}`, field });
    }
    const status = error instanceof RestError ? error.status : (error.statusCode ?? 500);
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    return reply.code(status).send({
      result: status,
      error: status >= 500 ? 'The server could not do this.' : error.message,
      ...(error instanceof RestError && error.field ? { field: error.field } : {}),
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ result: 404, error: 'There is nothing here.' }),
  );
}
