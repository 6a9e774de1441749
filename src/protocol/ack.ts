/**
 * Acknowledgements come in five dialects (protocol §2.3); this folds them into one answer.
 */

/** What an acknowledged request came to. `value` is the object the other side sent, `{}` if it sent none. */
export type Answer =
  | { ok: true; value: Record<string, unknown> }
  | { ok: false; code: number; reason: string; value: Record<string, unknown> };

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Results that are not 0 and yet no refusal: a floor request was accepted (api-facts §4). */
const isSuccess = (result: unknown): boolean => result === 0 || result === 1701;

function failure(value: unknown, fallbackCode: number): Answer {
  const body = asObject(value);
  // `("error", 4101)`: the payload may be the number itself (protocol §3.2).
  const named = body.result ?? value;
  const code = typeof named === 'number' && named !== 0 ? named : fallbackCode;
  const reason = [body.msg, body.error, body.desc, value].find(
    (part) => typeof part === 'string' && part !== '',
  );
  return {
    ok: false,
    code,
    reason: typeof reason === 'string' ? reason : `refused with ${code}`,
    value: body,
  };
}

/**
 * Reads the arguments of an acknowledgement.
 *
 * Understood: `("success", x)`, `("error", x)`, `(x)`, `(true)`, `(a, b)` where the one that is an object counts, and
 * `(null, reason)`; `x.result` other than 0 is a refusal, and 0 is none even after `null`.
 * @param fallbackCode used when a refusal names no number (default 1150, unknown).
 */
export function readAck(args: readonly unknown[], fallbackCode = 1150): Answer {
  const [first, second] = args;
  if (first === 'error') return failure(second, fallbackCode);
  if (first === null && args.length > 1 && !isSuccess(asObject(second).result))
    return failure(second, fallbackCode);
  const value = typeof first === 'object' && first !== null ? asObject(first) : asObject(second);
  if (typeof value.result === 'number' && !isSuccess(value.result)) return failure(value, fallbackCode);
  return { ok: true, value };
}
